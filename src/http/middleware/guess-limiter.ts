import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiError } from '../../core/errors.ts';
import { networkOf } from '../network-of.ts';

/** Slows down callers who try one secret after the other. */
export type GuessLimiter = {
  /** Counts a wrong guess. @throws ApiError 429 when there were too many. */
  count(address: string): Promise<void>;
  /** @throws ApiError 429 while the address is locked out. */
  refuseIfLocked(address: string): Promise<void>;
};

type Options = {
  readonly guesses?: number;
  readonly perSeconds?: number;
  /** Told the address of every wrong guess. */
  readonly onGuess?: (address: string) => void;
};

/** At most `guesses` wrong ones from an address in `perSeconds`, then as long a lock-out. */
export function guessLimiter({
  guesses = 10,
  perSeconds = 60,
  onGuess,
}: Options = {}): GuessLimiter {
  const limiter = new RateLimiterMemory({
    points: guesses,
    duration: perSeconds,
    blockDuration: perSeconds,
  });
  return {
    count: async (address) => {
      onGuess?.(address);
      try {
        await limiter.consume(networkOf(address));
      } catch (refusal) {
        throw refusal instanceof RateLimiterRes ? locked(refusal.msBeforeNext) : refusal;
      }
    },
    refuseIfLocked: async (address) => {
      const state = await limiter.get(networkOf(address));
      if (state && state.consumedPoints > guesses) throw locked(state.msBeforeNext);
    },
  };
}

function locked(retryAfterMs: number): ApiError {
  return new ApiError(
    'too_many_failed_attempts',
    'Too many wrong keys came from this address. Wait as long as retry-after says, then use the right one.',
    { retryAfterMs },
  );
}
