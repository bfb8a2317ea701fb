import { AttemptError } from '../core/attempt.ts';
import type { Clock } from '../core/clock.ts';
import { ApiError, tooManyTokens } from '../core/errors.ts';
import { formatGoDuration } from '../core/go-duration.ts';
import { WINDOW_WORDS } from '../core/limiter.ts';
import type { Blocked } from './model-windows.ts';

type Moment = {
  readonly clock: Clock;
  /** The model's `x-ratelimit-*` as they stand. */
  readonly headers: Readonly<Record<string, string>>;
};

/** A window has no room: names it, and when it opens. */
export function usedUp(
  model: string,
  { window, limit, waitMs }: Blocked,
  { clock, headers }: Moment,
): AttemptError {
  return refusal(
    'limit',
    waitMs,
    headers,
    `${shown(model)} has used up its limit of ${limit} ${WINDOW_WORDS[window.name]}. The window opens ${opening(waitMs, clock)}.`,
  );
}

/** The provider answered 429 and asked for a pause that isn't over. */
export function coolingDown(
  model: string,
  waitMs: number,
  { clock, headers }: Moment,
): AttemptError {
  return refusal(
    '429',
    waitMs,
    headers,
    `The provider's rate limit for ${shown(model)} is used up. It may be asked again ${opening(waitMs, clock)}.`,
  );
}

/** More tokens than the window ever has: waiting doesn't help, the next model may. */
export function tooLarge(model: string, tokens: number, limit: number): AttemptError {
  return new AttemptError({
    cause: 'limit',
    verdict: 'next',
    countsAsFault: false,
    answer: tooManyTokens(
      `The request may take ${tokens} tokens, but ${shown(model)} has a limit of ${limit} tokens. Shorten the messages or lower max_tokens.`,
    ),
  });
}

function refusal(
  cause: 'limit' | '429',
  waitMs: number,
  headers: Moment['headers'],
  message: string,
): AttemptError {
  return new AttemptError({
    cause,
    verdict: 'next',
    countsAsFault: false,
    retryAfterMs: waitMs,
    answer: new ApiError('rate_limit_exceeded', message, { retryAfterMs: waitMs, headers }),
  });
}

function opening(waitMs: number, clock: Clock): string {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000)) * 1000;
  return `in ${formatGoDuration(seconds)}, at ${new Date(clock.now() + seconds).toISOString()}`;
}

function shown(model: string): string {
  return model.slice(0, 100);
}
