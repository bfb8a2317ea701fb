import { randomUUID } from 'node:crypto';
import type { Handler } from '../state.ts';

/** Names every request: by the caller's own `x-request-id` where that is a harmless word. */
export function requestId(): Handler {
  return (ctx, next) => {
    const given = ctx.get('x-request-id');
    ctx.state.requestId = /^[\w.:-]{1,100}$/.test(given) ? given : `req_${randomUUID()}`;
    ctx.set('x-request-id', ctx.state.requestId);
    return next();
  };
}
