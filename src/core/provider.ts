import type { ChatEvent, ChatRequest, Usage } from './chat.ts';
import type { TrailEntry } from './trail.ts';

/**
 * Whoever can answer a chat: Groq, the local model, or a behaviour wrapped around another
 * provider. Knows nothing of HTTP towards the caller.
 */
export interface Provider {
  /**
   * Resolves when the answer has begun: the first event with content, or the whole body. Until
   * then another provider may still be asked; afterwards the answer is under way.
   *
   * @param signal aborted when the caller hangs up or a limit runs out; the provider stops within
   *   100 ms (the local model within 150 ms) and rejects with the signal's reason.
   * Never throws by itself, only by what it returns: layers around it then need no `async`, which
   * costs several times what a `then` does.
   *
   * @throws ApiError for the caller to read; AttemptError when another provider may try.
   */
  chat(request: ChatRequest, signal: AbortSignal): Promise<Reply>;
}

/** What a provider answers. */
export type Reply = WholeReply | StreamReply;

type ReplyHead = {
  /** Who answered, as `x-served-by` names it: `groq/openai/gpt-oss-120b`, `local/lifeboat`. */
  readonly servedBy: string;
  /** Providers that were tried before, with the cause of each failure. */
  readonly trail: readonly TrailEntry[];
  /** Headers for the caller, such as `x-ratelimit-*`; lower case. */
  readonly headers: Readonly<Record<string, string>>;
};

export type WholeReply = ReplyHead & {
  readonly kind: 'whole';
  /** A `chat.completion` as JSON bytes. */
  readonly body: Uint8Array;
  readonly usage?: Usage | undefined;
};

export type StreamReply = ReplyHead & {
  readonly kind: 'stream';
  /**
   * The answer's events, read once, without `[DONE]`. Ends only after a finish reason; throws an
   * AttemptError when the stream breaks. Leaving the loop early stops the provider.
   */
  readonly events: AsyncIterable<ChatEvent>;
  /** Who answered in the end, known when the events are through: a rescue may have changed it. */
  readonly ending?: (() => Ending) | undefined;
};

/** Who answered, and whom it took. */
export type Ending = { readonly servedBy: string; readonly trail: readonly TrailEntry[] };

/** A behaviour around a provider: retry, timeout, breaker and their kin. */
export type Layer = (inner: Provider) => Provider;

/** The same reply with more headers; the very same where there are none. */
export function withHeaders<T extends Reply>(
  reply: T,
  more: Readonly<Record<string, string>> | undefined,
): T {
  return more ? { ...reply, headers: { ...reply.headers, ...more } } : reply;
}

/** Wraps `inner` in layers, the outermost first: `layered([retry, breaker], groq)`. */
export function layered(layers: readonly Layer[], inner: Provider): Provider {
  return layers.reduceRight((provider, layer) => layer(provider), inner);
}
