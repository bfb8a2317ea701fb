import type { ChatRequest } from '../../core/chat.ts';
import type { ApiError } from '../../core/errors.ts';
import type { Provider, Reply } from '../../core/provider.ts';
import { estimatePromptTokens } from '../../core/token-estimate.ts';
import type { OpenAnswers } from '../open-answers.ts';
import { requestHead } from '../request-head.ts';
import { anthropicError } from '../shapes/anthropic/error.ts';
import { anthropicEvents, PING } from '../shapes/anthropic/events.ts';
import { messageOfCompletion } from '../shapes/anthropic/message.ts';
import { ignoredFields, parseCount, parseMessages } from '../shapes/anthropic/schema.ts';
import { chatOfMessages, promptOf } from '../shapes/anthropic/to-chat.ts';
import type { Handler } from '../state.ts';
import { usageWatch } from '../usage-watch.ts';
import { type ShownStream, writeEvents } from '../write-events.ts';
import { writeWhole } from '../write-whole.ts';

type Options = {
  readonly provider: Provider;
  readonly answers: OpenAnswers;
  readonly earlyHeadersMs: number;
};

/** `POST /v1/messages`: Anthropic's shape on the road of a chat. */
export function messagesRoute({ provider, answers, earlyHeadersMs }: Options): Handler {
  return async (ctx) => {
    const asked = parseMessages(ctx.state.json?.value());
    const params = chatOfMessages(asked);
    const request: ChatRequest = { ...requestHead(ctx), params, models: asked.models };
    const ignored = ignoredFields(asked);
    if (ignored.length > 0) ctx.set('x-ignored-fields', ignored.join(', '));
    const showsThinking = asked.thinking?.type === 'enabled' || asked.thinking?.type === 'adaptive';
    const signal = answers.signalFor(ctx.res);
    ctx.set('request-id', ctx.state.requestId);
    const pending = provider.chat(request, signal);
    if (!asked.stream) {
      const reply = await pending;
      if (reply.kind !== 'whole') throw new Error('a streamed reply to a whole request');
      return writeWhole(ctx, reply, messageOfCompletion(reply.body, showsThinking));
    }
    const shaped = pending.then((reply) => shapedStream(reply, params, showsThinking));
    await writeEvents(ctx, shaped, { signal, earlyHeadersMs, ping: PING, failure });
  };
}

/**
 * `POST /v1/messages/count_tokens`: an estimate from the characters, made here. How exact
 * it is says `estimateTokens`; the header says that it is one.
 */
export function countTokensRoute(): Handler {
  return (ctx) => {
    const prompt = promptOf(parseCount(ctx.state.json?.value()));
    ctx.set('x-token-count', 'estimate');
    ctx.body = { input_tokens: estimatePromptTokens(prompt) };
  };
}

function shapedStream(
  reply: Reply,
  params: ChatRequest['params'],
  showsThinking: boolean,
): ShownStream<string> {
  if (reply.kind !== 'stream') throw new Error('a whole reply to a stream');
  const seen = usageWatch();
  const model = reply.servedBy.replace(/^groq\//, '');
  const inputTokens = estimatePromptTokens(params);
  const options = { model, inputTokens, showsThinking };
  const events = anthropicEvents(seen.watch(reply.events), options);
  return { reply, events, bytesOf: (event) => event, usage: seen.usage };
}

function failure(error: ApiError): string {
  return `event: error\ndata: ${JSON.stringify(anthropicError(error))}\n\n`;
}
