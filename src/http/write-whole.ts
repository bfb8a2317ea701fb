import type { WholeReply } from '../core/provider.ts';
import { answerHeaders } from './answer-headers.ts';
import type { Context } from './state.ts';

/** Answers with a whole body: the reply's own bytes, or the same answer in another API's shape. */
export function writeWhole(
  ctx: Context,
  reply: WholeReply,
  body: Uint8Array | object = reply.body,
): void {
  const { servedBy, trail, usage } = reply;
  ctx.state.answer = { ...ctx.state.answer, servedBy, trail, usage };
  ctx.set(answerHeaders(reply));
  ctx.type = 'application/json; charset=utf-8';
  ctx.body =
    body instanceof Uint8Array
      ? Buffer.from(body.buffer, body.byteOffset, body.byteLength)
      : JSON.stringify(body);
}
