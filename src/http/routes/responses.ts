import type { ApiError } from '../../core/errors.ts';
import type { StreamReply, WholeReply } from '../../core/provider.ts';
import type { NativeProvider, NativeReply } from '../../core/relay.ts';
import type { OpenAnswers } from '../open-answers.ts';
import { requestHead } from '../request-head.ts';
import { readCompletion } from '../shapes/completion.ts';
import { eventWriter, failureEvents, responseEvents } from '../shapes/responses/events.ts';
import { relayedEvents } from '../shapes/responses/relayed.ts';
import { responseHead, responseOfCompletion } from '../shapes/responses/response.ts';
import { parseResponses, type ResponsesParams } from '../shapes/responses/schema.ts';
import { chatOfResponses } from '../shapes/responses/to-chat.ts';
import type { Context, Handler } from '../state.ts';
import { usageWatch } from '../usage-watch.ts';
import { type ShownStream, writeEvents } from '../write-events.ts';
import { writeWhole } from '../write-whole.ts';

type Options = {
  readonly responses: NativeProvider;
  readonly answers: OpenAnswers;
  readonly earlyHeadersMs: number;
};

/** `POST /v1/responses`: the provider's own where it knows the API, else a chat in its shape. */
export function responsesRoute({ responses, answers, earlyHeadersMs }: Options): Handler {
  return async (ctx) => {
    const { bytes } = ctx.state;
    const { params, models, ignored, isVerbatim } = parseResponses(ctx.state.json?.value());
    if (ignored.length > 0) ctx.set('x-ignored-fields', ignored.join(', '));
    const signal = answers.signalFor(ctx.res);
    const chat = () => chatOfResponses(params);
    const body = isVerbatim ? bytes : undefined;
    const head = { ...requestHead(ctx), params, models, body, chat };
    const pending = responses.relay(head, signal);
    if (!params.stream) {
      const { shape, reply } = await pending;
      if (reply.kind !== 'whole') throw new Error('a streamed reply to a whole request');
      return writeWhole(ctx, reply, wholeBody(shape, reply, params));
    }
    await writeStreamed(ctx, pending, params, signal, earlyHeadersMs);
  };
}

function wholeBody(shape: NativeReply['shape'], reply: WholeReply, params: ResponsesParams) {
  if (shape === 'own') return reply.body;
  return responseOfCompletion(params, readCompletion(reply.body));
}

function writeStreamed(
  ctx: Context,
  pending: Promise<NativeReply>,
  params: ResponsesParams,
  signal: AbortSignal,
  earlyHeadersMs: number,
): Promise<void> {
  const write = eventWriter();
  const seen = usageWatch();
  let head = responseHead(params, params.model ?? '');
  let isOpened = false;
  let relayed: ReturnType<typeof relayedEvents> | undefined;

  async function* translated(reply: StreamReply): AsyncGenerator<string, void, void> {
    head = { ...head, model: reply.servedBy };
    isOpened = true;
    yield* responseEvents(seen.watch(reply.events), head, write);
  }
  function shaped({ shape, reply }: NativeReply): ShownStream<Uint8Array | string> {
    if (reply.kind !== 'stream') throw new Error('a whole reply to a stream');
    const bytesOf = (event: Uint8Array | string) => event;
    if (shape === 'chat') return { reply, events: translated(reply), bytesOf, usage: seen.usage };
    relayed = relayedEvents(seen.watch(reply.events));
    return { reply, events: relayed.events, bytesOf, usage: seen.usage };
  }
  const failure = (error: ApiError) =>
    relayed?.failure(error) ?? [...failureEvents(head, write, error, isOpened)].join('');

  const ping = ': waiting\n\n';
  return writeEvents(ctx, pending.then(shaped), { signal, earlyHeadersMs, ping, failure });
}
