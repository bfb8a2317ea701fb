import type { Tally } from './tally.ts';
import type { Span } from './tracer.ts';

/** One message of a chat, as OpenAI writes it. Fields that only a provider knows pass through. */
export type ChatMessage = {
  readonly role: string;
  readonly content?: string | readonly ContentPart[] | null | undefined;
  readonly [field: string]: unknown;
};

/** One part of a message whose content is a list: text, or an image by URL. */
export type ContentPart = {
  readonly type: string;
  readonly text?: string | undefined;
  readonly [field: string]: unknown;
};

/** The body of an OpenAI chat completion request; unknown fields are kept. */
export type ChatParams = {
  readonly messages: readonly ChatMessage[];
  readonly model?: string | undefined;
  readonly stream?: boolean | null | undefined;
  readonly [field: string]: unknown;
};

/** Where a request says how many tokens its answer may take; of several the first counts. */
export const LIMIT_FIELDS = ['max_completion_tokens', 'max_tokens', 'max_output_tokens'] as const;

/** How far a caller lets the answer wander from the asked model (`x-fallback`). */
export type FallbackPolicy = 'on' | 'off' | 'local-off' | 'text-only';

/** How many answers a request wants, side by side. */
export function choicesAskedFor({ n }: ChatParams): number {
  return typeof n === 'number' ? n : 1;
}

/** A chat request on its road from the HTTP border to a provider. Never changed, only copied. */
export type ChatRequest = {
  /** The request id that the caller sees as `x-request-id`. */
  readonly id: string;
  readonly params: ChatParams;
  /**
   * The caller's own bytes, as long as they still say exactly what `params` says; a layer that
   * rewrites `params` drops them. They are what is forwarded.
   */
  readonly body?: Uint8Array | undefined;
  /** The caller's own chain of cloud models, most wanted first (`models: […]`). */
  readonly models?: readonly string[] | undefined;
  /**
   * The text that a legacy completion wants to be carried on, for a provider that works on plain text;
   * `params` say the same as a chat.
   */
  readonly prompt?: string | undefined;
  readonly fallback: FallbackPolicy;
  /** When the first token must be there at the latest, in the clock's milliseconds. */
  readonly deadline?: number | undefined;
  /** Who asks, as the server tells callers apart; never sent on. */
  readonly caller?: string | undefined;
  /** The caller wants no kept answer, and his own not kept (`cache-control: no-store`). */
  readonly noStore?: boolean | undefined;
  /** Gathers what this request takes. */
  readonly tally?: Tally | undefined;
  /** The span that this is a part of, where traces are wanted. */
  readonly span?: Span | undefined;
  /** In which way it carries on a stream that broke. */
  readonly rescue?: 'continue' | 'extend' | 'restart' | undefined;
};

/** Token counts in OpenAI's shape. Providers add details, which pass through. */
export type Usage = {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly [detail: string]: unknown;
};

/** One `chat.completion.chunk`, as far as anybody here looks at it. */
export type ChatChunk = {
  readonly id?: string | undefined;
  readonly created?: number | undefined;
  readonly model?: string | undefined;
  readonly choices: readonly ChunkChoice[];
  readonly usage?: Usage | null | undefined;
  readonly [field: string]: unknown;
};

export type ChunkChoice = {
  readonly index?: number | undefined;
  readonly delta?: ChunkDelta | undefined;
  readonly finish_reason?: string | null | undefined;
  readonly [field: string]: unknown;
};

export type ChunkDelta = {
  readonly role?: string | undefined;
  readonly content?: string | null | undefined;
  readonly reasoning?: string | null | undefined;
  readonly tool_calls?: readonly unknown[] | undefined;
  /** A call in OpenAI's older form. */
  readonly function_call?: unknown;
  readonly [field: string]: unknown;
};

/** One event of a streamed answer: its bytes, ready to be sent, and what they say. */
export type ChatEvent = {
  /** The whole event with its closing blank line. */
  readonly raw: Uint8Array;
  readonly chunk: ChatChunk;
};

/** True once the answer has begun: content, reasoning, a tool call, or its end. */
export function hasBegun({ choices }: ChatChunk): boolean {
  return choices.some(({ delta, finish_reason }) => {
    if (finish_reason) return true;
    return Boolean(delta?.content || delta?.reasoning || callsTool(delta));
  });
}

/** Whether a piece of an answer is one of a call. */
export function callsTool(delta: ChunkDelta | undefined): boolean {
  return Boolean(delta?.tool_calls?.length || delta?.function_call);
}

/** Writes a chunk as an event of its own. */
export function eventOf(chunk: ChatChunk): ChatEvent {
  return { raw: Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`), chunk };
}
