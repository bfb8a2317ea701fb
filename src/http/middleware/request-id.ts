import { randomUUID } from 'node:crypto';
import type { Handler } from '../state.ts';

/** Names every request: by the caller's own `x-request-id` where that is a harmless word. */
export function requestId(): Handler {
  return (ctx, next) => {
    const given = ctx.req.headers['x-request-id'];
    const isFine = typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given);
    ctx.state.requestId = isFine ? given : `req_${randomUUID()}`;
    ctx.res.setHeader('x-request-id', ctx.state.requestId);
    return next();
  };
}
