import type { ChatRequest } from '../../core/chat.ts';
import type { Provider } from '../../core/provider.ts';
import type { ParsedChat } from '../chat-schema.ts';
import { hangUpSignal } from '../hang-up.ts';
import { requestHead } from '../request-head.ts';
import type { Context, Handler } from '../state.ts';
import { writeChatStream } from '../write-chat-stream.ts';
import { writeWhole } from '../write-whole.ts';

type Options = {
  readonly provider: Provider;
  /** Reads the JSON body into OpenAI's shape. */
  readonly parse: (body: unknown) => ParsedChat;
  readonly earlyHeadersMs: number;
};

/** Answers a chat, whole or streamed, from whatever stands behind `provider`. */
export function chatRoute({ provider, parse, earlyHeadersMs }: Options): Handler {
  return async (ctx) => {
    const request = requestOf(ctx, parse);
    const signal = hangUpSignal(ctx.res);
    const pending = provider.chat(request, signal);
    if (request.params.stream) {
      await writeChatStream(ctx, pending, signal, earlyHeadersMs);
      return;
    }
    const reply = await pending;
    if (reply.kind !== 'whole') throw new Error('a streamed reply to a whole request');
    writeWhole(ctx, reply);
  };
}

function requestOf(ctx: Context, parse: Options['parse']): ChatRequest {
  const { json, bytes } = ctx.state;
  const { params, models } = parse(json);
  const isUntouched = isObjectWith(json, 'messages') && !isObjectWith(json, 'models');
  const isSameShape = isUntouched && !isObjectWith(json, 'system') && !isObjectWith(json, 'prompt');
  return {
    ...requestHead(ctx),
    params,
    models,
    body: isSameShape ? bytes : undefined,
  };
}

function isObjectWith(value: unknown, field: string): boolean {
  return typeof value === 'object' && value !== null && field in value;
}
