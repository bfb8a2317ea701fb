import type { ChatRequest } from '../../core/chat.ts';
import type { Provider } from '../../core/provider.ts';
import type { ParsedChat } from '../chat-schema.ts';
import type { JsonBody } from '../json/body.ts';
import type { OpenAnswers } from '../open-answers.ts';
import { requestHead } from '../request-head.ts';
import type { Context, Handler } from '../state.ts';
import { writeChatStream } from '../write-chat-stream.ts';
import { writeWhole } from '../write-whole.ts';

type Options = {
  readonly provider: Provider;
  readonly answers: OpenAnswers;
  /** Reads the JSON body into OpenAI's shape. */
  readonly read: (body: JsonBody) => ParsedChat;
  readonly earlyHeadersMs: number;
};

/** Answers a chat, whole or streamed, from whatever stands behind `provider`. */
export function chatRoute({ provider, answers, read, earlyHeadersMs }: Options): Handler {
  return (ctx) => {
    const request = requestOf(ctx, read);
    const signal = answers.signalFor(ctx.res);
    const pending = provider.chat(request, signal);
    if (request.params.stream) return writeChatStream(ctx, pending, signal, earlyHeadersMs);
    return pending.then((reply) => {
      if (reply.kind !== 'whole') throw new Error('a streamed reply to a whole request');
      writeWhole(ctx, reply);
    });
  };
}

function requestOf(ctx: Context, read: Options['read']): ChatRequest {
  const { json, bytes } = ctx.state;
  if (!json) throw new Error('a chat without a body');
  const { params, models, isVerbatim } = read(json);
  const { id, fallback, caller, noStore, tally, span } = requestHead(ctx);
  const body = isVerbatim ? bytes : undefined;
  // A request is copied on its way; a copy with the same fields is the cheapest.
  const deadline = undefined;
  return { id, params, body, models, fallback, caller, noStore, tally, span, deadline };
}
