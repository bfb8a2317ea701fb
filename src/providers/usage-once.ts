import type { ChatChunk, ChatEvent, ChatRequest, Usage } from '../core/chat.ts';
import { eventOf } from '../core/chat.ts';
import { type Flow, flow, lead } from '../core/flow.ts';
import { isObject } from '../core/json.ts';
import type { Layer, WholeReply } from '../core/provider.ts';
import { estimateSaidTokens } from '../core/said-tokens.ts';
import { estimatePromptTokens, estimateTokens } from '../core/token-estimate.ts';
import { isUsage, usageOf } from '../core/usage.ts';

/**
 * Reports the usage exactly once: in a stream as its last event with `choices: []` if the caller
 * asked for that (`stream_options.include_usage`), else not at all; in a whole answer always. Where
 * the provider reports none, Groq's own `x_groq.usage` stands in, then an estimate, marked
 * `estimated`; so is what was said after the last report. Other events without choices say nothing and
 * are left out. All else keeps its bytes.
 */
export function usageOnce(): Layer {
  return (inner) => ({
    chat: (request, signal) =>
      inner.chat(request, signal).then((reply) => {
        if (reply.kind === 'whole') return reply.usage ? reply : withUsage(reply, request);
        const events = isAskedFor(request) ? once(reply.events, request) : never(reply.events);
        return { ...reply, events };
      }),
  });
}

function isAskedFor({ params }: ChatRequest): boolean {
  const options = params['stream_options'];
  return isObject(options) && options['include_usage'] === true;
}

function never(events: AsyncIterable<ChatEvent>): Flow<ChatEvent> {
  return flow((sink) =>
    lead(events, {
      take: (event) => {
        if (event.chunk.choices.length > 0) sink.take(withoutUsage(event));
      },
      end: () => sink.end(),
      fail: (error) => sink.fail(error),
    }),
  );
}

function once(events: AsyncIterable<ChatEvent>, request: ChatRequest): Flow<ChatEvent> {
  return flow((sink) => {
    let reported: ChatEvent | undefined;
    let usage: Usage | undefined;
    let head: ChatChunk | undefined;
    /** Said since somebody reported: who carries a stream on may report nothing. */
    let unreportedTokens = 0;
    return lead(events, {
      take: (event) => {
        const { chunk } = event;
        const told = usageOf(chunk);
        usage = told ?? usage;
        unreportedTokens = told ? 0 : unreportedTokens + tokensIn(chunk);
        if (chunk.choices.length === 0) {
          if (isUsage(chunk.usage)) reported = event;
          return;
        }
        if (told) reported = undefined;
        head = chunk;
        sink.take(withoutUsage(event));
      },
      end: () => {
        const told = unreportedTokens === 0 ? usage : undefined;
        const counts = told ?? estimate(request, unreportedTokens, usage);
        sink.take((told && reported) ?? usageEvent(head, counts));
        sink.end();
      },
      fail: (error) => sink.fail(error),
    });
  });
}

/** Some providers report it with the finish reason, or with every piece: it has an event of its own. */
function withoutUsage(event: ChatEvent): ChatEvent {
  if (!event.chunk.usage) return event;
  const { usage: _usage, ...chunk } = event.chunk;
  return eventOf(chunk);
}

/** An event is about a token; a long one is more. */
function tokensIn({ choices }: ChatChunk): number {
  return choices.reduce((sum, { delta }) => {
    const calls = delta?.tool_calls?.length ? JSON.stringify(delta.tool_calls).length / 4 : 0;
    return sum + estimateTokens(`${delta?.content ?? ''}${delta?.reasoning ?? ''}`) + calls;
  }, 0);
}

function usageEvent(head: ChatChunk | undefined, usage: Usage): ChatEvent {
  const { id, created, model } = head ?? {};
  return eventOf({ id, object: 'chat.completion.chunk', created, model, choices: [], usage });
}

/** @param told what is known of a part of it */
function estimate(request: ChatRequest, completion: number, told?: Usage): Usage {
  const prompt = told?.prompt_tokens ?? estimatePromptTokens(request.params);
  const tokens = (told?.completion_tokens ?? 0) + Math.ceil(completion);
  return {
    prompt_tokens: prompt,
    completion_tokens: tokens,
    total_tokens: prompt + tokens,
    estimated: true,
  };
}

/** A provider's answer was checked to be a chat completion; here it gets what it lacks. */
function withUsage(reply: WholeReply, request: ChatRequest): WholeReply {
  const answer: unknown = JSON.parse(Buffer.from(reply.body).toString('utf8'));
  if (!isObject(answer)) return reply;
  const usage = usageOf(answer) ?? estimate(request, estimateSaidTokens(answer));
  return { ...reply, usage, body: Buffer.from(JSON.stringify({ ...answer, usage })) };
}
