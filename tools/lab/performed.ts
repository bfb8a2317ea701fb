import type { Frame } from './frame.ts';
import type { JsonObject } from './json.ts';

/** A healthy answer that waits to be given, whole or as a stream, or to be spoilt by a fault. */
export interface Performance {
  readonly streams: boolean;
  /** What the request costs before it runs: prompt and `max_tokens`. */
  readonly requestedTokens: number;
  readonly promptTokens: number;
  /** What the answer really costs. */
  readonly spentTokens: number;
  readonly answerTokens: number;
  /** The whole answer. */
  whole(): { readonly contentType: string; readonly bytes: Buffer };
  /** The answer's events in order. */
  frames(): Iterable<Frame>;
  /** An event of this stream with other members, for faults that speak in mid-stream. */
  event(members: JsonObject): JsonObject;
}
