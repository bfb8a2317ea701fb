import { setTimeout as delay } from 'node:timers/promises';

/** Where time comes from. Injected, so that a test can let a week pass at once. */
export interface Clock {
  /** Milliseconds since the Unix epoch, as the machine's wall clock tells it; may jump either way. */
  now(): number;
  /** Milliseconds on a clock that only goes forward, from an arbitrary start: for durations. */
  elapsed(): number;
  /** Resolves after `ms`, never earlier; rejects with the signal's reason when that is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      // Node's timers may fire up to a millisecond early.
      await delay(ms + 1, undefined, { signal });
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    }
  },
};
