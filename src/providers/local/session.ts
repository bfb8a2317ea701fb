import type { ApiError } from '../../core/errors.ts';
import { type Deferred, deferred } from './deferred.ts';
import { crashed, hung, unavailable, unloadable } from './failures.ts';
import { type Mailbox, mailbox } from './mailbox.ts';
import {
  endsJob,
  type FromChild,
  type Job,
  type JobReport,
  type Loaded,
  type LoadOrder,
} from './protocol.ts';
import { type Child, type Exit, spawnChild } from './spawn.ts';

/** Why a session ended. */
export type Ending =
  | { readonly kind: 'closed' }
  | { readonly kind: 'unloadable'; readonly reason: string }
  | { readonly kind: 'crashed'; readonly exit: Exit; readonly during: Phase }
  | { readonly kind: 'hung'; readonly during: Phase };

export type Phase = 'load' | 'idle' | 'job';

/** One life of the child: it loads its model once, and then does one job after the other. */
export type Session = {
  readonly pid: number | undefined;
  /** Rejects with an ApiError when the model can't be loaded. */
  readonly loaded: Promise<Loaded>;
  /** Resolves when nothing more is to be had from it. */
  readonly ended: Promise<Ending>;
  /** Resolves when its process is gone, and its memory with it. */
  readonly gone: Promise<void>;
  /** Starts a job; the session must be loaded and free. */
  start(job: Job): Exchange;
  close(): void;
};

/** One job under way. */
export type Exchange = {
  /** What the child reports, to the end of the job; fails with an ApiError when it dies. */
  readonly reports: Mailbox<JobReport>;
  /** Resolves with false when the child was gone, or stuck, before it ever saw the job. Never rejects. */
  readonly accepted: Promise<boolean>;
  /** Resolves when the child is free again, or dead. Never rejects. */
  readonly settled: Promise<void>;
  cancel(): void;
};

type Options = {
  readonly childPath: string;
  readonly order: LoadOrder;
  /** A child that says nothing for this long while it has work is ended. */
  readonly watchdogMs: number;
};

type Current = {
  readonly id: number;
  readonly reports: Mailbox<JobReport>;
  readonly accepted: Deferred<boolean>;
  isAccepted: boolean;
  settle(): void;
};

/** An idle child says at once that it has got a job; one that was stopped meanwhile never does. */
const ACCEPT_MS = 5_000;

/** Starts a child and lets it load the model. */
export function openSession({ childPath, order, watchdogMs }: Options): Session {
  const loading = deferred<Loaded>();
  const over = deferred<Ending>();
  const gone = deferred<void>();
  const watchdog = watchSilence(() => end({ kind: 'hung', during: phase() }));
  let loaded = false;
  let ending: Ending | undefined;
  let current: Current | undefined;
  let lastId = 0;

  const child: Child = spawnChild(childPath, {
    hugePages: !order.mapped,
    onReport: hear,
    onExit: (exit) => {
      end({ kind: 'crashed', exit, during: phase() });
      gone.resolve();
    },
  });
  child.send(order);
  watchdog.start(watchdogMs);

  function phase(): Phase {
    if (!loaded) return 'load';
    return current?.isAccepted ? 'job' : 'idle';
  }

  function hear(report: FromChild): void {
    if (ending) return;
    watchdog.touch();
    if (report.kind === 'alive') return;
    if (report.kind === 'unloadable') {
      end(report);
      return;
    }
    if (report.kind === 'loaded') {
      loaded = true;
      watchdog.stop();
      loading.resolve(report);
      return;
    }
    if (report.id !== current?.id) return;
    if (!current.isAccepted) watchdog.start(watchdogMs);
    current.isAccepted = true;
    current.accepted.resolve(true);
    if (report.kind === 'accepted') return;
    current.reports.push(report);
    if (endsJob(report)) settle();
  }

  function settle(): void {
    watchdog.stop();
    current?.reports.close();
    current?.settle();
    current = undefined;
  }

  function end(how: Ending): void {
    if (ending) return;
    ending = how;
    child.kill();
    loading.reject(errorOf(how));
    current?.accepted.resolve(how.kind === 'closed');
    current?.reports.fail(errorOf(how));
    settle();
    over.resolve(how);
  }

  function start(job: Job): Exchange {
    const reports = mailbox<JobReport>();
    const done = deferred<void>();
    if (ending) {
      reports.fail(errorOf(ending));
      const accepted = Promise.resolve(ending.kind === 'closed');
      return { reports, accepted, settled: Promise.resolve(), cancel: () => {} };
    }
    lastId += 1;
    const id = lastId;
    const accepted = deferred<boolean>();
    current = { id, reports, accepted, isAccepted: false, settle: done.resolve };
    child.send({ ...job, id });
    watchdog.start(Math.min(ACCEPT_MS, watchdogMs));
    return {
      reports,
      accepted: accepted.promise,
      settled: done.promise,
      cancel: () => child.send({ kind: 'cancel', id }),
    };
  }

  return {
    pid: child.pid,
    loaded: loading.promise,
    ended: over.promise,
    gone: gone.promise,
    start,
    close: () => end({ kind: 'closed' }),
  };
}

/** How native code dies of a file that it should have refused. */
const DEATHS_OF_A_FILE: readonly (NodeJS.Signals | null)[] = [
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGSEGV',
];

/** Whether the file is to blame: loading it again would end the same way. */
export function blamesFile(ending: Ending): boolean {
  if (ending.kind === 'unloadable') return true;
  if (ending.kind !== 'crashed' || ending.during !== 'load') return false;
  return DEATHS_OF_A_FILE.includes(ending.exit.signal);
}

/** What a caller reads when a session ended under its request. */
export function errorOf(ending: Ending): ApiError {
  if (blamesFile(ending)) return unloadable(ending);
  switch (ending.kind) {
    case 'closed':
      return unavailable('The local model is being switched off.');
    case 'hung':
      return hung();
    default:
      return crashed(ending);
  }
}

type Watchdog = { start(limitMs: number): void; touch(): void; stop(): void };

/**
 * Calls `bark` after `limitMs` without a touch. Counts short ticks instead of reading a clock, so
 * that a machine that slept doesn't look like a child that hung.
 */
function watchSilence(bark: () => void): Watchdog {
  const ticks = 10;
  let timer: NodeJS.Timeout | undefined;
  let silent = 0;

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }

  return {
    start(limitMs) {
      stop();
      silent = 0;
      timer = setInterval(() => {
        silent += 1;
        if (silent < ticks) return;
        stop();
        bark();
      }, limitMs / ticks);
    },
    touch: () => {
      silent = 0;
    },
    stop,
  };
}
