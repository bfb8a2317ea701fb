import { performance } from 'node:perf_hooks';
import { queueFull } from './failures.ts';
import type { Keeper } from './keeper.ts';
import type { Job, JobReport } from './protocol.ts';
import type { Turnstile } from './queue.ts';
import type { Exchange } from './session.ts';
import { lineMs, type Speed, UNMEASURED, withService, withTimings } from './speed.ts';

/** Where jobs wait for the model and are watched while it works on them. */
export type Desk = {
  /**
   * Waits for its turn and for the model, and hands the job over.
   *
   * @throws ApiError `local_queue_full` or `local_model_unavailable`; the signal's reason
   */
  begin(job: Job, signal: AbortSignal): Promise<Underway>;
  figures(): DeskFigures;
};

/** A job that the model works on. */
export type Underway = {
  /** The child's reports; fails with the signal's reason as soon as it is aborted. */
  next(): Promise<IteratorResult<JobReport, undefined>>;
  /** Nobody wants the rest: the model stops. */
  stop(): void;
  hasStopped(): boolean;
};

export type DeskFigures = {
  readonly speed: Speed;
  readonly deferred: number;
  readonly answered: number;
  /** Resident memory of the child at the end of the latest answer. */
  readonly residentBytes: number;
};

type Options = { readonly line: Turnstile; readonly keeper: Keeper };

/** One desk in front of one model. */
export function desk({ line, keeper }: Options): Desk {
  let speed = UNMEASURED;
  let servedSince = 0;
  let deferred = 0;
  let answered = 0;
  let residentBytes = 0;

  async function begin(job: Job, signal: AbortSignal): Promise<Underway> {
    const turn = line.enter(signal);
    const waiting = line.waiting().length;
    if (!turn) throw queueFull(lineMs(speed, waiting, performance.now() - servedSince));
    if (waiting > 0) deferred += 1;
    const leave = await turn;
    servedSince = performance.now();
    let exchange: Exchange | undefined;
    try {
      do {
        const session = await unlessAborted(keeper.session(), signal);
        // A child that was already dying is not this job's fault: it gets another one, once.
        const isSecond = exchange !== undefined;
        exchange = session.start(job);
        if (isSecond) break;
      } while (!(await unlessAborted(exchange.accepted, signal)));
    } catch (error) {
      exchange?.cancel();
      void whenSettled(exchange).then(() => free(leave));
      throw error;
    }
    const startedAt = performance.now();
    void exchange.settled.then(() => {
      speed = withService(speed, performance.now() - startedAt);
      free(leave);
    });
    return underway(exchange, signal, note);
  }

  function free(leave: () => void): void {
    keeper.rest();
    leave();
  }

  function note(report: JobReport): void {
    if (report.kind === 'embedded' || report.kind === 'counted') keeper.worked();
    if (report.kind !== 'finished') return;
    keeper.worked();
    answered += 1;
    residentBytes = report.residentBytes;
    speed = withTimings(speed, report.timings);
  }

  return { begin, figures: () => ({ speed, deferred, answered, residentBytes }) };
}

function underway(
  { reports, settled, cancel }: Exchange,
  signal: AbortSignal,
  note: (report: JobReport) => void,
): Underway {
  const abort = () => {
    cancel();
    reports.fail(signal.reason);
  };
  signal.addEventListener('abort', abort, { once: true });
  void settled.then(() => signal.removeEventListener('abort', abort));
  if (signal.aborted) abort();
  let stopped = false;
  return {
    hasStopped: () => stopped,
    async next() {
      const result = await reports.next();
      if (!result.done) note(result.value);
      return result;
    },
    stop() {
      stopped = true;
      cancel();
      reports.close();
    },
  };
}

async function whenSettled(exchange: Exchange | undefined): Promise<void> {
  await exchange?.settled;
}

/** Waits for something that goes on for others when this caller no longer wants it. */
function unlessAborted<T>(wanted: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    wanted.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
