import type { JsonObject } from './json.ts';

/** What a streamed event is for; `text` is content, `tool` a piece of a tool call. */
type FrameKind = 'role' | 'reasoning' | 'text' | 'tool' | 'finish' | 'usage' | 'done' | 'other';

/** One event of a stream, with its bytes as they go over the wire. */
export type Frame = {
  readonly kind: FrameKind;
  readonly bytes: Buffer;
  /** The event's JSON, where it has one. */
  readonly event?: JsonObject;
  /** Waits this long before sending it. */
  readonly pauseMs?: number;
};

/** An event with its JSON as one `data:` line. */
export const jsonFrame = (kind: FrameKind, event: JsonObject): Frame => ({
  ...{ kind, event },
  bytes: Buffer.from(`data: ${JSON.stringify(event)}\n\n`),
});

/** Bytes that are sent as they are. */
export const rawFrame = (bytes: string | Buffer, kind: FrameKind = 'other'): Frame => ({
  kind,
  bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes,
});

/** The event that ends a stream of chat chunks. */
export const doneFrame = rawFrame('data: [DONE]\n\n', 'done');

/** True for events that carry a piece of the answer. */
export const isToken = ({ kind }: Frame): boolean =>
  kind === 'text' || kind === 'tool' || kind === 'reasoning';
