import type { AttemptError } from '../core/attempt.ts';
import { ApiError } from '../core/errors.ts';

/** A cloud model that was asked in vain. */
export type Failure = {
  readonly model: string;
  readonly provider: string;
  readonly error: AttemptError;
};

/** Where a failure doesn't say when to come back. */
const UNKNOWN_WAIT_MS = 5_000;

/**
 * The one honest error for a request that nobody answered.
 *
 * @param local what the local model said, if it was asked: it stands where no cloud model was
 *   tried, and where its queue is full.
 */
export function answerAfter(failures: readonly Failure[], local?: ApiError): ApiError {
  const [first] = failures;
  const isLocals =
    local && (!first || ['local_queue_full', 'client_closed_request'].includes(local.code));
  if (isLocals) return local;
  if (!first) {
    return new ApiError(
      'provider_unavailable',
      'No cloud model can be asked: this server has no Groq key. Leave x-fallback out to get the local model.',
    );
  }
  if (failures.length === 1) return first.error.answer;
  const retryAfterMs = Math.min(
    ...failures.map(({ error }) => error.answer.retryAfterMs ?? UNKNOWN_WAIT_MS),
  );
  const isLimited = failures.every(({ error }) => ['429', 'limit'].includes(error.attemptCause));
  if (isLimited) return outOfQuota(failures, first);
  return new ApiError(
    'provider_unavailable',
    'No model could answer; x-fallback-trail says who was tried. Try again in a few seconds.',
    { retryAfterMs },
  );
}

/** The `x-ratelimit-*` that tell of the model. */
function limitsOf({ error: { answer } }: Failure): Record<string, string> {
  const told = Object.entries(answer.headers).filter(([name]) => name.startsWith('x-ratelimit-'));
  return Object.fromEntries(told);
}

/** Every model is used up, or too small for the request: names the one that opens first. */
function outOfQuota(failures: readonly Failure[], first: Failure): ApiError {
  const waiting = failures.filter(({ error }) => error.answer.retryAfterMs !== undefined);
  const waitOf = ({ error }: Failure) => error.answer.retryAfterMs ?? UNKNOWN_WAIT_MS;
  const [soonest] = waiting.sort((one, other) => waitOf(one) - waitOf(other));
  if (!soonest) return first.error.answer;
  return new ApiError(
    'rate_limit_exceeded',
    `The rate limits of all models that may answer are used up. First to open: ${soonest.error.answer.message}`,
    { retryAfterMs: waitOf(soonest), headers: limitsOf(soonest) },
  );
}
