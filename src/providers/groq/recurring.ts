import type { ChatChunk } from '../../core/chat.ts';

/** A provider whose events never resemble each other isn't compared for long. */
const MOST_TRIES = 4;

/** Where a piece of text begins, however the provider spaces its JSON. */
const TEXT_BEGINS = /"delta": ?\{"content": ?"/;

const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;

/** An event that was read, and where in its bytes its text stands. */
type Pattern = {
  readonly head: Buffer;
  readonly tail: Buffer;
  readonly chunk: ChatChunk;
};

/** Reads events by their likeness to one that was parsed. */
export type Recurring = {
  /** What the event says, where it differs from that one in nothing but its text. */
  read(event: Buffer): ChatChunk | undefined;
  /** Takes an event that was parsed as the one to compare with, if its text can be told from the rest. */
  learn(event: Buffer, chunk: ChatChunk): void;
};

/**
 * Spares a stream's events their parsing: nearly all of them are the same bytes around another piece of
 * text. A text with an escape in it, and an event that is different in a single byte, is parsed.
 */
export function recurring(): Recurring {
  let pattern: Pattern | undefined;
  let tries = 0;

  return {
    read(event) {
      const chunk = pattern && likeness(pattern, event);
      if (chunk) tries = 0;
      return chunk;
    },
    learn(event, chunk) {
      if (tries >= MOST_TRIES) return;
      const next = patternOf(event, chunk);
      if (!next) return;
      tries += 1;
      pattern = next;
    },
  };
}

function likeness({ head, tail, chunk }: Pattern, event: Buffer): ChatChunk | undefined {
  const end = event.length - tail.length;
  if (end < head.length) return undefined;
  if (head.compare(event, 0, head.length) !== 0) return undefined;
  if (tail.compare(event, end) !== 0) return undefined;
  for (let index = head.length; index < end; index += 1) {
    const byte = event[index] as number;
    if (byte === QUOTE || byte === BACKSLASH || byte < SPACE) return undefined;
  }
  return withText(chunk, event.toString('utf8', head.length, end));
}

function withText(chunk: ChatChunk, content: string): ChatChunk {
  const [choice] = chunk.choices;
  return { ...chunk, choices: [{ ...choice, delta: { content } }] };
}

/**
 * Undefined where the text's place isn't beyond doubt. With no escape in the event, and `delta` in it
 * once, its text stands where the parsed chunk has it.
 */
function patternOf(event: Buffer, chunk: ChatChunk): Pattern | undefined {
  const [choice, ...others] = chunk.choices;
  const delta = choice?.delta ?? {};
  if (others.length > 0 || Object.keys(delta).join() !== 'content') return undefined;
  const bytes = event.toString('latin1');
  if (bytes.includes('\\') || bytes.split('"delta"').length !== 2) return undefined;
  const opening = TEXT_BEGINS.exec(bytes);
  if (!opening) return undefined;
  const start = opening.index + opening[0].length;
  const end = bytes.indexOf('"', start);
  if (!bytes.startsWith('"}', end)) return undefined;
  const head = Buffer.from(event.subarray(0, start));
  const tail = Buffer.from(event.subarray(end));
  return { head, tail, chunk };
}
