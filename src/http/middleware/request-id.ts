import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { looksLikeKey } from '../../core/shown-name.ts';
import type { Handler } from '../state.ts';

/** Names every request: by the caller's own `x-request-id` where that is a harmless word. */
export function requestId(): Handler {
  return (ctx, next) => {
    const { headers } = ctx.req;
    const given = headers['x-request-id'];
    const isFine = typeof given === 'string' && isHarmless(given, headers);
    ctx.state.requestId = isFine ? given : `req_${randomUUID()}`;
    ctx.res.setHeader('x-request-id', ctx.state.requestId);
    return next();
  };
}

/** The log names it: it must be none of the secrets that callers know. */
function isHarmless(id: string, headers: IncomingHttpHeaders): boolean {
  if (!/^[\w.:-]{1,100}$/.test(id) || looksLikeKey(id)) return false;
  const token = headers.authorization?.split(/\s+/).at(-1);
  return ![headers['x-api-key'], headers['admin-secret'], token].includes(id);
}
