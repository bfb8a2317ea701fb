import type { ChatEvent, ChatRequest, Usage } from '../../core/chat.ts';
import type { Provider, Reply, StreamReply, WholeReply } from '../../core/provider.ts';
import type { OpenAnswers } from '../open-answers.ts';
import { requestHead } from '../request-head.ts';
import { readCompletion } from '../shapes/completion.ts';
import { type CommonRoad, commonRoad } from '../shapes/completions/common-road.ts';
import {
  legacyCompletion,
  legacyEvents,
  legacyUsageEvent,
} from '../shapes/completions/from-chat.ts';
import { type Completions, parseCompletions } from '../shapes/completions/schema.ts';
import type { Handler } from '../state.ts';
import { writeChatStream } from '../write-chat-stream.ts';
import { writeWhole } from '../write-whole.ts';

type Options = {
  readonly provider: Provider;
  readonly answers: OpenAnswers;
  readonly earlyHeadersMs: number;
};

type Ask = (prompt: string) => Promise<Reply>;

/** `POST /v1/completions`: each prompt is the user's one turn of a chat, one after the other. */
export function completionsRoute({ provider, answers, earlyHeadersMs }: Options): Handler {
  return async (ctx) => {
    const asked = parseCompletions(ctx.state.json?.value());
    const head = { ...requestHead(ctx), models: asked.models };
    const signal = answers.signalFor(ctx.res);
    const road = commonRoad();
    const ask: Ask = (prompt) => {
      const request: ChatRequest = { ...head, prompt, params: asked.chatOf(prompt) };
      return road.seen(provider.chat(request, signal));
    };
    if (asked.stream) {
      return writeChatStream(ctx, streamed(asked, ask, road), signal, earlyHeadersMs);
    }
    const replies: WholeReply[] = [];
    for (const prompt of asked.prompts) replies.push(whole(await ask(prompt)));
    const completions = asked.prompts.map((prompt, index) => ({
      prompt,
      completion: readCompletion(replies[index]?.body ?? Buffer.alloc(0)),
    }));
    const answer = legacyCompletion(completions, asked.echo);
    const last = replies.at(-1);
    if (last) writeWhole(ctx, { ...last, ...road.ending(), usage: answer.usage }, answer);
  };
}

/** The first prompt's answer decides how the stream begins; the others follow in it. */
async function streamed(asked: Completions, ask: Ask, road: CommonRoad): Promise<StreamReply> {
  const [prompt = '', ...others] = asked.prompts;
  const first = stream(await ask(prompt));
  const usages: Usage[] = [];
  async function* events(): AsyncGenerator<ChatEvent, void, void> {
    let reply = first;
    let last: ChatEvent | undefined;
    let name: { readonly id: string | undefined; readonly created: number | undefined } | undefined;
    for (const [number, text] of [prompt, ...others].entries()) {
      if (number > 0) reply = stream(await ask(text));
      const echoed = { prompt: asked.echo ? text : '', index: number * asked.each };
      const onUsage = (usage: Usage) => void usages.push(usage);
      for await (const event of legacyEvents(reply.events, { ...echoed, onUsage, name })) {
        const { id, created } = event.chunk;
        name ??= { id, created };
        last = event;
        yield event;
      }
    }
    if (asked.includeUsage) yield legacyUsageEvent(last, usages);
  }
  return { ...first, events: events(), ending: road.ending };
}

function whole(reply: Reply): WholeReply {
  if (reply.kind !== 'whole') throw new Error('a streamed reply to a whole request');
  return reply;
}

function stream(reply: Reply): StreamReply {
  if (reply.kind !== 'stream') throw new Error('a whole reply to a stream');
  return reply;
}
