import { AttemptError, type TokenLimit, type Verdict } from '../../core/attempt.ts';
import { ApiError, type ErrorBody, PassedOnError, tooManyTokens } from '../../core/errors.ts';
import { formatGoDuration } from '../../core/go-duration.ts';
import { WINDOW_WORDS } from '../../core/limiter.ts';
import type { Cause } from '../../core/trail.ts';
import { refusedBy, tryAgainMs } from './refused-by.ts';
import { retryAfterMs } from './retry-after.ts';

type Refusal = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body's `error` object, where it has one. */
  readonly error: Readonly<Record<string, unknown>> | undefined;
};

type Rule = {
  readonly verdict: Verdict;
  readonly cause: Cause;
  readonly countsAsFault?: true;
  readonly answer: 'as it came' | 'limit' | 'too large' | 'unavailable';
};

const GONE = new Set(['model_decommissioned', 'model_not_found']);
const BROKEN_OUTPUT = new Set(['tool_use_failed', 'json_validate_failed']);
const OUT_OF_TOKENS = 'rate_limit_exceeded';

/** None of the provider's windows is longer than a day: what is more is a slip. */
const LONGEST_WAIT_MS = 24 * 60 * 60_000;

/**
 * What an error status of Groq means and what may be done about it: the one place where that is
 * decided. From Groq's documentation and its SDK's behaviour
 * (https://console.groq.com/docs/errors).
 */
function ruleFor(status: number, code: string | undefined): Rule {
  if (code !== undefined && GONE.has(code)) {
    return { verdict: 'next', cause: 'model_gone', answer: 'as it came' };
  }
  if (status === 400 && code === 'context_length_exceeded') {
    return { verdict: 'larger', cause: 'context', answer: 'as it came' };
  }
  if (status === 422 || (status === 400 && code !== undefined && BROKEN_OUTPUT.has(code))) {
    return { verdict: 'retry-once', cause: `${status}`, answer: 'as it came' };
  }
  if (status === 401 || status === 403) {
    return { verdict: 'next', cause: 'auth', answer: 'unavailable' };
  }
  if (status === 404 || status === 405) {
    // No model's name, so the address itself: nothing that a caller could mend.
    return { verdict: 'next', cause: `${status}`, answer: 'unavailable' };
  }
  if (status === 407) {
    return { verdict: 'next', cause: 'connect', countsAsFault: true, answer: 'unavailable' };
  }
  if (status === 408 || status === 409 || status === 498) {
    return { verdict: 'retry', cause: `${status}`, answer: 'unavailable' };
  }
  if (status === 413 && code === OUT_OF_TOKENS) {
    return { verdict: 'next', cause: 'limit', answer: 'too large' };
  }
  if (status === 429) return { verdict: 'retry', cause: '429', answer: 'limit' };
  if (status >= 500) {
    return { verdict: 'retry', cause: `${status}`, countsAsFault: true, answer: 'unavailable' };
  }
  if (status >= 400) return { verdict: 'pass', cause: `${status}`, answer: 'as it came' };
  return { verdict: 'retry', cause: 'garbage', countsAsFault: true, answer: 'unavailable' };
}

/** Judges an answer that is not a 200. */
export function outcomeOf({ status, headers, error }: Refusal): AttemptError {
  const code = typeof error?.['code'] === 'string' ? error['code'] : undefined;
  const { verdict, cause, countsAsFault = false, answer } = ruleFor(status, code);
  const message = status === 429 ? error?.['message'] : undefined;
  const waits = status === 429 || status === 503;
  const told = waits ? (retryAfterMs(headers) ?? tryAgainMs(message)) : undefined;
  const waitMs = told === undefined ? undefined : Math.min(told, LONGEST_WAIT_MS);
  return new AttemptError({
    cause,
    verdict,
    countsAsFault,
    retryAfterMs: waitMs,
    everyModel: status === 407,
    tokenLimit: status === 413 ? tokenLimitIn(error?.['message']) : undefined,
    refusedBy: refusedBy(message),
    headers,
    answer: answerFor(answer, status, error, waitMs),
  });
}

/** Groq's message names both: "… tokens per minute (TPM): Limit 8000, Requested 8192, …". */
function tokenLimitIn(message: unknown): TokenLimit | undefined {
  const found = /Limit (\d{1,15}),(?: Used \d{1,15},)? Requested (\d{1,15})\b/.exec(
    String(message),
  );
  return found ? { limit: Number(found[1]), requested: Number(found[2]) } : undefined;
}

function answerFor(
  kind: Rule['answer'],
  status: number,
  error: Refusal['error'],
  waitMs: number | undefined,
): ApiError {
  if (kind === 'as it came') return new PassedOnError(status, errorBody(error, status));
  if (kind === 'too large') {
    return tooManyTokens(
      "The request asks for more tokens than the provider's limit allows. Lower max_tokens or shorten the messages.",
    );
  }
  if (kind === 'limit') {
    const message = limitMessage(error?.['message'], waitMs);
    return new ApiError('rate_limit_exceeded', message, { retryAfterMs: waitMs ?? 1_000 });
  }
  return new ApiError(
    'provider_unavailable',
    'The provider cannot answer right now. Try again in a few seconds.',
    { retryAfterMs: waitMs ?? 5_000, cause: new Error(`the provider answered ${status}`) },
  );
}

/** Names the window that is used up, and when it opens. */
function limitMessage(told: unknown, waitMs: number | undefined): string {
  const refusal = refusedBy(told);
  const which = refusal ? ` of ${refusal.limit} ${WINDOW_WORDS[refusal.window]}` : '';
  const opens = waitMs === undefined ? '' : ` It opens in ${formatGoDuration(waitMs)}.`;
  return `The provider's limit${which} is used up.${opens} Wait as long as retry-after says, then send the request again.`;
}

/** The provider's error in full OpenAI shape, without what does not belong to it. */
function errorBody(error: Refusal['error'], status: number): ErrorBody {
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  const failed = error?.['failed_generation'];
  return {
    message: text(error?.['message']) ?? `The provider refused the request with status ${status}.`,
    type: text(error?.['type']) ?? 'invalid_request_error',
    param: text(error?.['param']),
    code: text(error?.['code']),
    ...(failed === undefined ? {} : { failed_generation: failed }),
  };
}
