import type { WholeReply } from '../core/provider.ts';
import { together } from '../core/together.ts';
import { setAnswerHeaders } from './answer-headers.ts';
import { giveBackAfter } from './give-back-after.ts';
import type { Context } from './state.ts';

/** Answers with a whole body: the reply's own bytes, or the same answer in another API's shape. */
export function writeWhole(
  ctx: Context,
  reply: WholeReply,
  body: Uint8Array | object = reply.body,
): void {
  const { res, state } = ctx;
  const { servedBy, trail, usage } = reply;
  const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
  state.answer = { servedBy, trail, usage };
  // Koa's own way to answer looks at much that is known here.
  ctx.respond = false;
  setAnswerHeaders(res, reply);
  res.statusCode = 200;
  res.setHeader('content-type', 'application/json; charset=utf-8');
  res.setHeader('content-length', bytes.length);
  giveBackAfter(res, bytes);
  end({ ctx, bytes });
}

const end = together(({ ctx, bytes }: { readonly ctx: Context; readonly bytes: Uint8Array }) => {
  ctx.state.headAt = performance.now();
  ctx.res.end(bytes);
});
