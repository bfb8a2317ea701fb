import { AttemptError } from '../../core/attempt.ts';
import { ApiError } from '../../core/errors.ts';
import { formatTrail } from '../../core/trail.ts';
import { restOf } from '../rest-of.ts';
import { anthropicError, isAnthropicPath } from '../shapes/anthropic/error.ts';
import type { Context, Handler } from '../state.ts';
import type { HttpLog } from './access-log.ts';

/**
 * Turns whatever was thrown into OpenAI's error shape, or Anthropic's on its routes. Errors that were not meant for a caller are
 * logged with their cause and answered blandly.
 */
export function errorEnvelope(log: HttpLog): Handler {
  return (ctx, next) =>
    next().catch((error) => {
      const answer = forCaller(error);
      if (answer.code === 'internal_error') {
        log.error({ id: ctx.state.requestId, err: error }, 'a request failed unexpectedly');
      }
      if (ctx.res.headersSent) return void ctx.res.destroy();
      if (!isLost(ctx)) return writeError(ctx, answer);
      return restOf(ctx.req).then(() => writeError(ctx, answer));
    });
}

/**
 * Whether the answer would be lost: its connection ends with it, and a system that is still sent a body
 * then answers with a reset, which takes back what the caller hasn't read.
 */
function isLost({ req, res }: Context): boolean {
  return !res.shouldKeepAlive && !req.complete;
}

/** The error that a caller may read. */
export function forCaller(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof AttemptError) return error.answer;
  return new ApiError(
    'internal_error',
    'Something went wrong in the server. Try again; if it stays, give the operator the x-request-id.',
    { cause: error },
  );
}

function writeError(ctx: Context, error: ApiError): void {
  ctx.respond = true;
  ctx.status = error.status;
  ctx.set(error.headers);
  if (error.trail.length > 0) ctx.set('x-fallback-trail', formatTrail(error.trail));
  ctx.state.answer = { ...ctx.state.answer, trail: error.trail, error: error.code };
  ctx.body = isAnthropicPath(ctx.path) ? anthropicError(error) : { error: error.body };
}
