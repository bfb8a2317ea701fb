import type { ChatParams, ChatRequest, Usage } from './chat.ts';
import type { Reply } from './provider.ts';
import type { Tally } from './tally.ts';
import type { Span } from './tracer.ts';

/** A request in another API's shape, which a provider may know as its own (`/v1/responses`). */
export type NativeRequest = Pick<
  ChatRequest,
  'id' | 'body' | 'fallback' | 'models' | 'caller' | 'noStore' | 'tally' | 'span'
> & {
  /** The body, in the API's own shape; `model` and `stream` mean what they mean in a chat. */
  readonly params: Readonly<Record<string, unknown>> & {
    readonly model?: string | undefined;
    readonly stream?: boolean | null | undefined;
  };
  /** The same question as a chat, for a provider that speaks nothing else. */
  readonly chat: () => ChatParams;
};

/**
 * The answer: in the API's own shape, its events as they came, or, from a provider that only
 * chats, a chat's.
 */
export type NativeReply = { readonly shape: 'own' | 'chat'; readonly reply: Reply };

/** Whoever can answer a request in another API's shape. */
export interface NativeProvider {
  /**
   * Resolves when the answer has begun, as `Provider.chat` does. A stream in the API's own shape
   * throws an AttemptError when it breaks off; nobody carries it on.
   *
   * @throws ApiError for the caller to read.
   */
  relay(request: NativeRequest, signal: AbortSignal): Promise<NativeReply>;
}

/** Bytes that are handed to the provider as they are: a file to transcribe, a text to speak. */
export type RelayRequest = {
  readonly id: string;
  /** Below the provider's base URL: `/audio/speech`. */
  readonly path: string;
  readonly contentType: string;
  /** Bytes can be sent again after a fault; a stream can't once it was begun. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
  /** Of a body that is a stream, where it is known. */
  readonly contentLength?: number | undefined;
  /** The model, as far as it is known by now: a form may name it behind its file. */
  readonly model: () => string | undefined;
  /** Gathers what this request takes. */
  readonly tally?: Tally | undefined;
  /** The span that this is a part of, where traces are wanted. */
  readonly span?: Span | undefined;
};

/** Whether a request on the road of chats is one of these: it is no text, and takes no tokens. */
export function isRelayed(request: ChatRequest): boolean {
  return 'relayed' in request;
}

export type RelayReply = {
  readonly servedBy: string;
  /** The provider's own `content-type` and limits; lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Throws an AttemptError when it breaks off. Leaving the loop early stops the provider. */
  readonly body: AsyncIterable<Uint8Array>;
};

/** Whoever takes bytes and answers bytes, both as streams. */
export interface Relay {
  /**
   * Resolves when the answer's head is there.
   *
   * @throws ApiError for the caller to read.
   */
  relay(request: RelayRequest, signal: AbortSignal): Promise<RelayReply>;
}

export type EmbedRequest = {
  /** OpenAI's body of an embeddings request. A list of numbers is one input, as its tokens. */
  readonly params: {
    readonly input: string | readonly string[] | readonly number[] | readonly (readonly number[])[];
    readonly encoding_format?: 'float' | 'base64' | null | undefined;
    readonly dimensions?: number | null | undefined;
  };
  /** Gathers what this request takes. */
  readonly tally?: Tally | undefined;
};

export type EmbedReply = {
  readonly servedBy: string;
  /** OpenAI's list of embeddings as JSON bytes. */
  readonly body: Uint8Array;
  readonly usage: Pick<Usage, 'prompt_tokens' | 'total_tokens'>;
};

/** Whoever turns texts into vectors. */
export interface Embedder {
  /** @throws ApiError `not_supported` where the vectors would mean nothing. */
  embed(request: EmbedRequest, signal: AbortSignal): Promise<EmbedReply>;
}
