import type { Clock } from '../../core/clock.ts';
import type { ApiError } from '../../core/errors.ts';
import { unavailable } from './failures.ts';
import { type Inspection, MISSING, type ModelFile, type Usable } from './model-file.ts';
import type { Loaded } from './protocol.ts';
import { type Failures, failedAgain, NO_FAILURES, restartAfter } from './restart.ts';
import { blamesFile, type Ending, errorOf, type Session } from './session.ts';

/** What keeps one child alive as long as it is wanted. */
export type Keeper = {
  /** A loaded session, started if need be. @throws ApiError at once when none can be had. */
  session(): Promise<Session>;
  /** The present life, if any. */
  life(): Life | undefined;
  /** Why a session can't be had now. */
  trouble(): Trouble | undefined;
  /** A job went well: crashes before it no longer count. */
  worked(): void;
  /** Nobody uses the session just now: its idle time starts anew. */
  rest(): void;
  /** Resolves when the process is gone. */
  close(): Promise<void>;
};

/** A session from its start to its end. */
export type Life = {
  readonly session: Session;
  readonly file: Usable;
  readonly startedAt: number;
  loaded: Loaded | undefined;
};

export type Trouble = { readonly error: ApiError; readonly retryAfterMs: number };

type Options = {
  readonly file: ModelFile;
  readonly open: (file: Usable) => Session;
  readonly idleMs: number;
  /** Whether somebody uses the session, or is about to. */
  readonly isWanted: () => boolean;
  readonly clock: Clock;
  readonly onLoaded: (loaded: Loaded) => void;
  readonly onEnd: (ending: Ending) => void;
};

/** Node fires longer timers at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** How long a file that could not be loaded is not tried again, unless it changes. */
const UNLOADABLE_MS = 30_000;

/** Starts sessions, restarts them with back-off, and ends them when nobody needs them. */
export function keeper({ file, open, idleMs, isWanted, clock, onLoaded, onEnd }: Options): Keeper {
  let life: Life | undefined;
  let starting: Promise<Session> | undefined;
  let failures: Failures = NO_FAILURES;
  let unloadable: { identity: string; at: number; error: ApiError } | undefined;
  let idle: NodeJS.Timeout | undefined;
  let gone: Promise<void> = Promise.resolve();
  const closing = new AbortController();

  async function start(): Promise<Session> {
    const inspection = await file.inspect();
    closing.signal.throwIfAborted();
    if (life && stillGood(life, inspection)) return life.session;
    life?.session.close();
    const known = trouble();
    if (known) throw known.error;
    if (inspection.kind === 'unusable') throw unavailable(inspection.reason);
    const restart = restartAfter(failures, clock.elapsed());
    if (restart.kind === 'start' && restart.delayMs > 0) {
      await clock.sleep(restart.delayMs, closing.signal);
    }
    // Two models in memory at once might not fit.
    await gone;
    closing.signal.throwIfAborted();
    return begin(inspection);
  }

  function begin(inspection: Usable): Session {
    const session = open(inspection);
    const mine: Life = { session, file: inspection, startedAt: clock.elapsed(), loaded: undefined };
    life = mine;
    gone = session.gone;
    session.loaded.then(
      (loaded) => {
        mine.loaded = loaded;
        onLoaded(loaded);
        rest();
      },
      () => {},
    );
    void session.ended.then((ending) => bury(mine, ending));
    return session;
  }

  function bury(dead: Life, ending: Ending): void {
    if (life === dead) life = undefined;
    if (blamesFile(ending)) {
      unloadable = { identity: dead.file.identity, at: clock.elapsed(), error: errorOf(ending) };
    } else if ('during' in ending && ending.during !== 'idle') {
      failures = failedAgain(failures, clock.elapsed());
    }
    onEnd(ending);
  }

  function trouble(): Trouble | undefined {
    const inspection = file.known();
    if (inspection?.kind === 'unusable' && !(life && stillGood(life, inspection))) {
      return { error: unavailable(inspection.reason), retryAfterMs: 0 };
    }
    if (unloadable && file.identity() === unloadable.identity) {
      const retryAfterMs = unloadable.at + UNLOADABLE_MS - clock.elapsed();
      if (retryAfterMs > 0) return { error: unloadable.error, retryAfterMs };
    }
    const restart = restartAfter(failures, clock.elapsed());
    if (restart.kind === 'start') return undefined;
    const retryAfterMs = restart.leftMs;
    const message = 'The local model keeps crashing and is left alone for a while.';
    return { error: unavailable(message, { retryAfterMs }), retryAfterMs };
  }

  /** Ends the session after a time in which nobody wanted it. */
  function rest(): void {
    clearTimeout(idle);
    idle = setTimeout(
      () => {
        if (!isWanted()) life?.session.close();
      },
      Math.min(idleMs, LONGEST_TIMER_MS),
    );
    idle.unref();
  }

  return {
    async session() {
      clearTimeout(idle);
      starting ??= start().finally(() => {
        starting = undefined;
      });
      const session = await starting;
      await session.loaded;
      return session;
    },
    life: () => life,
    trouble,
    worked() {
      failures = NO_FAILURES;
    },
    rest,
    close() {
      closing.abort(unavailable('The local model is being switched off.'));
      clearTimeout(idle);
      life?.session.close();
      return gone;
    },
  };
}

/** A deleted file lives on in the child that has it; a changed one must not be used on. */
function stillGood({ file }: Life, inspection: Inspection): boolean {
  return inspection.identity === MISSING || inspection.identity === file.identity;
}
