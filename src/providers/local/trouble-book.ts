import type { Clock } from '../../core/clock.ts';
import { ApiError } from '../../core/errors.ts';
import { unavailable } from './failures.ts';
import type { LocalLog } from './options.ts';
import type { Loaded } from './protocol.ts';
import type { Ending } from './session.ts';

/** Counts and logs what happens to a model. */
export type TroubleBook = {
  starting(): void;
  loaded(loaded: Loaded): void;
  ended(ending: Ending): void;
  /** Notes a failure unless it is the caller's own. @returns what the caller gets to read. */
  failed(error: unknown, signal?: AbortSignal): unknown;
  /** Notes why nothing could be loaded before anybody asked; the same reason once, until something is. */
  notWarmed(error: unknown): void;
  totals(): Totals;
};

export type Totals = {
  readonly failed: number;
  readonly crashes: number;
  readonly loads: number;
  readonly lastError: { readonly message: string; readonly at: string } | undefined;
};

type Options = { readonly model: string; readonly log: LocalLog; readonly clock: Clock };

/** Opens the book of one model. */
export function troubleBook({ model, log, clock }: Options): TroubleBook {
  let totals: Totals = { failed: 0, crashes: 0, loads: 0, lastError: undefined };
  let toldReason: string | undefined;

  function noted(message: string): Totals['lastError'] {
    return { message, at: new Date(clock.now()).toISOString() };
  }

  function failed(error: unknown, signal?: AbortSignal): unknown {
    if (signal?.aborted) return signal.reason;
    if (error instanceof ApiError && (error.status < 500 || error.code === 'local_queue_full')) {
      return error;
    }
    const answer = answerOf(error);
    totals = { ...totals, failed: totals.failed + 1, lastError: noted(answer.message) };
    log.warn({ model, err: error }, 'the local model could not answer');
    return answer;
  }

  function notWarmed(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    totals = { ...totals, lastError: noted(answerOf(error).message) };
    if (reason !== toldReason) log.warn({ model, reason }, "the local model can't be loaded");
    toldReason = reason;
  }

  return {
    failed,
    notWarmed,
    starting() {
      totals = { ...totals, loads: totals.loads + 1 };
    },
    loaded({ loadMs, contextSize, residentBytes }) {
      toldReason = undefined;
      log.info({ model, loadMs, contextSize, residentBytes }, 'the local model is loaded');
    },
    ended(ending) {
      if (ending.kind === 'closed') {
        log.info({ model }, 'the local model is unloaded');
        return;
      }
      totals = { ...totals, crashes: totals.crashes + 1 };
      log.error({ model, ...ending }, 'the local model ended unexpectedly');
    },
    totals: () => totals,
  };
}

/** What anybody may read of it: an error of the system's would name a path. */
function answerOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return unavailable('The local model failed. Try again.', { cause: error });
}
