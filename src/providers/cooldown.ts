import { AttemptError } from '../core/attempt.ts';
import type { Clock } from '../core/clock.ts';
import { ApiError } from '../core/errors.ts';
import type { Layer } from '../core/provider.ts';

type Options = { readonly clock: Clock; readonly longestMs?: number };

/** Models that are remembered; callers may name any, so there is a limit. */
const MAX_MODELS = 1_000;

/**
 * Leaves a model alone for as long as its 429 asked: requests that come meanwhile go on along the
 * chain at once. The request that was refused waits by itself (retry).
 */
export function cooldown({ clock, longestMs = 24 * 60 * 60 * 1000 }: Options): Layer {
  const closedUntil = new Map<string, number>();
  return (inner) => ({
    chat: async (request, signal) => {
      const model = request.params.model ?? '';
      const leftMs = (closedUntil.get(model) ?? 0) - clock.elapsed();
      if (leftMs > 0) throw coolingDown(leftMs);
      closedUntil.delete(model);
      try {
        return await inner.chat(request, signal);
      } catch (error) {
        const isLimit = error instanceof AttemptError && error.attemptCause === '429';
        if (isLimit && error.retryAfterMs !== undefined) {
          if (closedUntil.size >= MAX_MODELS) closedUntil.clear();
          closedUntil.set(model, clock.elapsed() + Math.min(error.retryAfterMs, longestMs));
        }
        throw error;
      }
    },
  });
}

function coolingDown(leftMs: number): AttemptError {
  return new AttemptError({
    cause: '429',
    verdict: 'next',
    countsAsFault: false,
    retryAfterMs: leftMs,
    answer: new ApiError(
      'rate_limit_exceeded',
      "The provider's rate limit for this model is used up. Wait as long as retry-after says.",
      { retryAfterMs: leftMs },
    ),
  });
}
