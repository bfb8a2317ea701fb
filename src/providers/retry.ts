import { AttemptError } from '../core/attempt.ts';
import type { ChatRequest } from '../core/chat.ts';
import type { Clock } from '../core/clock.ts';
import type { Layer, Provider, Reply } from '../core/provider.ts';

type Options = {
  /** Attempts a model, the first included. */
  readonly attempts: number;
  readonly clock: Clock;
  readonly baseMs?: number;
  readonly capMs?: number;
  /** No pause is shorter, whatever chance says: the provider is never hammered. */
  readonly leastMs?: number;
  /** From 0 (included) to 1 (not included). */
  readonly random?: () => number;
  /** Told of every failed attempt, and whether the model is asked again. */
  readonly onFailed?: (error: AttemptError, request: ChatRequest, isRetried: boolean) => void;
};

/**
 * Asks the same model again after a transient fault, with exponential backoff and full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). A `retry-after` is
 * obeyed as well, never shortened, if it fits the request's deadline; if not, the chain goes on.
 */
export function retry(options: Options): Layer {
  const { attempts, clock, baseMs = 250, capMs = 8_000, leastMs = 50 } = options;
  const { random = Math.random, onFailed } = options;

  function waitAfter(
    error: AttemptError,
    failed: number,
    request: ChatRequest,
  ): number | undefined {
    const limit = error.verdict === 'retry-once' ? Math.min(2, attempts) : attempts;
    const mayRetry = error.verdict === 'retry' || error.verdict === 'retry-once';
    if (!mayRetry || failed >= limit) return undefined;
    const backoffMs = random() * Math.min(capMs, baseMs * 2 ** (failed - 1));
    const waitMs = Math.max(error.retryAfterMs ?? 0, backoffMs, leastMs);
    const leftMs = (request.deadline ?? Number.POSITIVE_INFINITY) - clock.elapsed();
    return waitMs < leftMs ? waitMs : undefined;
  }

  /** Goes on after the first attempt has failed. */
  async function again(
    first: unknown,
    inner: Provider,
    request: ChatRequest,
    signal: AbortSignal,
  ): Promise<Reply> {
    let error = first;
    let fault: AttemptError | undefined;
    for (let failed = 1; ; failed++) {
      if (!(error instanceof AttemptError)) throw error;
      // The fault that opened the breaker says more than that it is open now.
      if (fault && error.attemptCause === 'breaker_open') throw fault;
      fault = error;
      const waitMs = waitAfter(error, failed, request);
      onFailed?.(error, request, waitMs !== undefined);
      if (waitMs === undefined) throw error;
      await clock.sleep(waitMs, signal);
      try {
        return await inner.chat(request, signal);
      } catch (next) {
        error = next;
      }
    }
  }

  return (inner) => ({
    chat: (request, signal) =>
      inner.chat(request, signal).catch((error) => again(error, inner, request, signal)),
  });
}
