import type { Next } from 'koa';
import { ApiError } from '../../core/errors.ts';
import type { KeyRing, KeyVerdict } from '../../keys/key-ring.ts';
import type { CallerShare } from '../../limits/caller-share.ts';
import { networkOf } from '../network-of.ts';
import type { Context, Handler } from '../state.ts';
import type { GuessLimiter } from './guess-limiter.ts';

/**
 * Lets a request pass with the valid client key, in `x-api-key` or as a bearer token. A valid key
 * passes whatever its address did before; a key that has turned is no guess. Where callers have shares,
 * each request with a body counts against its caller's.
 */
export function clientKey(ring: KeyRing, guesses: GuessLimiter, share?: CallerShare): Handler {
  const shownTime = timeShown();

  function admit(ctx: Context, verdict: KeyVerdict, next: Next): Promise<unknown> {
    if (verdict.kind !== 'valid') return refuse(ctx, verdict);
    ctx.res.setHeader('x-key-expires', shownTime(verdict.expiresAt));
    ctx.state.hasKey = true;
    if (ctx.req.method === 'POST') share?.take(networkOf(ctx.ip));
    return next();
  }

  async function refuse(ctx: Context, verdict: Exclude<KeyVerdict, { kind: 'valid' }>) {
    if (verdict.kind === 'expired') throw expired(verdict.turnedAt);
    await guesses.count(ctx.ip);
    throw new ApiError(
      'invalid_api_key',
      'This API key is wrong. Ask your admin for the key of this week (GET /current-key).',
    );
  }

  return (ctx, next) => {
    const presented = presentedKey(ctx);
    if (!presented) {
      throw new ApiError(
        'invalid_api_key',
        'No API key was sent. Put the key of this week into the header x-api-key, or send it as authorization: Bearer.',
      );
    }
    const verdict = ring.check(presented);
    return verdict instanceof Promise
      ? verdict.then((judged) => admit(ctx, judged, next))
      : admit(ctx, verdict, next);
  };
}

/** Writes a time in ISO 8601, the same one at once. */
function timeShown(): (time: number) => string {
  let last = { time: Number.NaN, text: '' };
  return (time) => {
    if (last.time !== time) last = { time, text: new Date(time).toISOString() };
    return last.text;
  };
}

function presentedKey(ctx: Context): string {
  const { 'x-api-key': own, authorization = '' } = ctx.req.headers;
  const key = typeof own === 'string' ? own.trim() : '';
  return key || (/^Bearer\s+(\S+)\s*$/i.exec(authorization)?.[1] ?? '');
}

function expired(turnedAt: number): ApiError {
  return new ApiError(
    'expired_api_key',
    `This API key was turned on ${new Date(turnedAt).toISOString()} and is no longer valid. Ask your admin for the new one (GET /current-key).`,
  );
}
