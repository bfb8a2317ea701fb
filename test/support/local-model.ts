import { fileURLToPath } from 'node:url';
import type { ChatEvent, ChatParams, ChatRequest } from '../../src/core/chat.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Reply } from '../../src/core/provider.ts';
import { type LocalModel, type LocalOptions, localModel } from '../../src/providers/local/local.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** The embedded model of this repository. */
export const lifeboatPath = fileURLToPath(new URL('../../models/lifeboat.gguf', import.meta.url));

/** A local model with the defaults of the server and a silent log. */
export function modelFor(
  options: Pick<LocalOptions, 'childPath'> & Partial<LocalOptions>,
): LocalModel {
  return localModel({
    modelPath: lifeboatPath,
    modelName: 'lifeboat',
    contextSize: 1024,
    queueLimit: 8,
    idleUnloadMs: 300_000,
    threads: 1,
    log: silent,
    clock: systemClock,
    ...options,
  });
}

/** A request as the HTTP border makes one. */
export function chatRequest(params: ChatParams | string): ChatRequest {
  const asked =
    typeof params === 'string' ? { messages: [{ role: 'user', content: params }] } : params;
  return { id: 'test', params: asked, fallback: 'on' };
}

/** A signal that nobody aborts. */
export function never(): AbortSignal {
  return new AbortController().signal;
}

type Completion = {
  readonly id: string;
  readonly model: string;
  readonly object: string;
  readonly choices: readonly [
    {
      readonly message: { readonly content: string; readonly tool_calls?: readonly ToolCall[] };
      readonly finish_reason: string;
      readonly logprobs: { readonly content: readonly Logprob[] } | null;
    },
  ];
  readonly usage: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly total_tokens: number;
    readonly prompt_tokens_details: { readonly cached_tokens: number };
  };
  readonly timings: { readonly prompt_n: number; readonly predicted_per_second: number };
};

type ToolCall = { readonly function: { readonly name: string; readonly arguments: string } };
type Logprob = {
  readonly token: string;
  readonly logprob: number;
  readonly bytes: readonly number[];
  readonly top_logprobs: readonly { readonly token: string; readonly logprob: number }[];
};

/** Reads a whole reply's body. */
export function completionOf(reply: Reply): Completion {
  if (reply.kind !== 'whole') throw new Error('the reply is a stream');
  return JSON.parse(Buffer.from(reply.body).toString());
}

/** Asks for a whole answer. */
export async function ask(model: LocalModel, params: ChatParams | string): Promise<Completion> {
  return completionOf(await model.chat(chatRequest(params), never()));
}

/** Reads a stream to its end. */
export async function eventsOf(reply: Reply): Promise<ChatEvent[]> {
  if (reply.kind !== 'stream') throw new Error('the reply is whole');
  const events: ChatEvent[] = [];
  for await (const event of reply.events) events.push(event);
  return events;
}

/** The text of a stream's events. */
export function textOf(events: readonly ChatEvent[]): string {
  return events.map(({ chunk }) => chunk.choices[0]?.delta?.content ?? '').join('');
}
