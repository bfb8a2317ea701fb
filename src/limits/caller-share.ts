import { ApiError } from '../core/errors.ts';
import { MINUTE_MS } from './limits.ts';
import { SlidingWindow } from './sliding-window.ts';

type Options = {
  /** Requests that one caller may make in any minute. */
  readonly perMinute: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
};

/** Callers that are remembered; beyond that the one that was seen first is forgotten. */
const MAX_CALLERS = 10_000;

/** Gives each caller a share, so that one script can't starve the rest. */
export function callerShare({ perMinute, now = () => performance.now() }: Options) {
  const windows = new Map<string, SlidingWindow>();

  function windowOf(caller: string): SlidingWindow {
    const window = windows.get(caller) ?? new SlidingWindow({ lengthMs: MINUTE_MS, slots: 30 });
    // Seen last, forgotten last.
    windows.delete(caller);
    windows.set(caller, window);
    const [first] = windows.keys();
    if (windows.size > MAX_CALLERS && first !== undefined) windows.delete(first);
    return window;
  }

  return {
    /** Counts one request. @throws ApiError 429 when the caller's share is used up. */
    take: (caller: string): void => {
      const window = windowOf(caller);
      const time = now();
      const waitMs = window.fallsTo(perMinute - 1, time);
      if (waitMs > 0) throw shareUsedUp(perMinute, waitMs);
      window.add(1, time, time);
    },
  };
}

/** Gives each caller a share. */
export type CallerShare = ReturnType<typeof callerShare>;

function shareUsedUp(perMinute: number, retryAfterMs: number): ApiError {
  return new ApiError(
    'rate_limit_exceeded',
    `Your address has used its share of ${perMinute} requests per minute on this server. Wait as long as retry-after says.`,
    { retryAfterMs },
  );
}
