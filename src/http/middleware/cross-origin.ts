import cors from '@koa/cors';
import { corsOptions } from '../cors-options.ts';
import type { Handler } from '../state.ts';

/**
 * Answers browsers that call from other sites. A request without `origin` is none of theirs, and
 * costs nothing.
 *
 * @param origins `*`, or origins as browsers send them
 */
export function crossOrigin(origins: readonly string[]): Handler {
  const answer = cors(corsOptions(origins));
  return (ctx, next) => {
    if (ctx.req.headers.origin !== undefined) return answer(ctx, next);
    ctx.res.setHeader('vary', 'Origin');
    return next();
  };
}
