import { AttemptError } from '../core/attempt.ts';
import type { ChatEvent, ChatRequest } from '../core/chat.ts';
import type { Clock } from '../core/clock.ts';
import { ApiError } from '../core/errors.ts';
import { passing } from '../core/passing.ts';
import type { Layer } from '../core/provider.ts';
import { type Stop, stop } from '../core/stop.ts';

type Options = {
  /** Until a stream's first token. */
  readonly firstTokenMs: number;
  /** Between two events of a stream. */
  readonly idleMs: number;
  /** Until a whole answer is in. */
  readonly wholeMs: number;
  readonly clock: Clock;
};

/**
 * Ends an attempt that stays silent for too long: before the first token (never later than the
 * request's deadline), or between two events. The silent route is not asked again.
 */
export function timeout(options: Options): Layer {
  return (inner) => ({
    chat: (request, signal) => {
      if (signal.aborted) return Promise.reject(signal.reason);
      const attempt = stop();
      const passOn = () => attempt.abort(signal.reason);
      signal.addEventListener('abort', passOn);
      const settle = () => signal.removeEventListener('abort', passOn);
      const { limitMs, isFair } = firstLimit(request, options);
      const timer = setTimeout(() => attempt.abort(tooLate(isFair)), limitMs);
      return inner.chat(request, attempt.signal).then(
        (reply) => {
          clearTimeout(timer);
          if (reply.kind === 'stream') {
            return { ...reply, events: watched(reply.events, options.idleMs, attempt, settle) };
          }
          settle();
          return reply;
        },
        (error) => {
          clearTimeout(timer);
          settle();
          throw error;
        },
      );
    },
  });
}

/** An attempt that only got what was left of a budget is no proof against its provider. */
function firstLimit(
  { params, deadline = Number.POSITIVE_INFINITY }: ChatRequest,
  { firstTokenMs, wholeMs, clock }: Options,
): { readonly limitMs: number; readonly isFair: boolean } {
  const ownMs = params.stream ? firstTokenMs : wholeMs;
  // A timer may fire a millisecond early, and leave time for an attempt of no length.
  const limitMs = Math.max(1, Math.min(ownMs, Math.ceil(deadline - clock.elapsed()) + 1));
  return { limitMs, isFair: limitMs >= ownMs / 2 };
}

/** One timer for the whole stream; only while an event is waited for does its time count. */
function watched(
  events: AsyncIterable<ChatEvent>,
  idleMs: number,
  attempt: Stop,
  settle: () => void,
): AsyncIterable<ChatEvent> {
  let waitsSince: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    if (waitsSince !== undefined && performance.now() - waitsSince >= idleMs) {
      attempt.abort(stalled());
    }
  };
  return passing(events, {
    asked: () => {
      waitsSince = performance.now();
      timer ??= setInterval(look, Math.max(5, Math.min(idleMs / 10, 1_000)));
    },
    seen: () => {
      waitsSince = undefined;
    },
    ended: () => {
      clearInterval(timer);
      settle();
    },
  });
}

function tooLate(countsAsFault: boolean): AttemptError {
  return new AttemptError({
    cause: 'timeout',
    verdict: 'next',
    countsAsFault,
    answer: new ApiError(
      'provider_timeout',
      'The provider did not answer in time. Try again in a few seconds, or ask for a shorter answer.',
      { retryAfterMs: 5_000 },
    ),
  });
}

function stalled(): AttemptError {
  return new AttemptError({
    cause: 'stall',
    verdict: 'next',
    countsAsFault: true,
    answer: new ApiError(
      'provider_timeout',
      'The provider went silent in the middle of its answer. Send the request again.',
    ),
  });
}
