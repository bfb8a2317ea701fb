import type { ChatRequest } from '../core/chat.ts';
import { fallbackPolicy } from './fallback-policy.ts';
import { networkOf } from './network-of.ts';
import type { Context } from './state.ts';

/** What a request says of itself beside its body, in the form in which it goes on. */
export type RequestHead = Pick<
  ChatRequest,
  'id' | 'fallback' | 'caller' | 'noStore' | 'tally' | 'span'
>;

/**
 * Reads it.
 *
 * @throws ApiError for headers that make no sense.
 */
export function requestHead(ctx: Context): RequestHead {
  const { requestId: id, open, span } = ctx.state;
  return {
    id,
    fallback: fallbackPolicy(ctx),
    caller: networkOf(ctx.ip),
    noStore: /\bno-store\b/i.test(ctx.get('cache-control')),
    tally: open?.tally,
    span,
  };
}
