/** One server-sent event, as WHATWG HTML §9.2 defines it. */
export type ServerEvent = {
  /** The whole event with its blank line, its line ends as plain LF. */
  readonly raw: Buffer;
  /** The `data` lines, joined by LF; undefined when the block held only lines that no SSE has. */
  readonly data: string | undefined;
  /** The `event` field, where there is one. */
  readonly name: string | undefined;
};

const LF = 10;
const CR = 13;
const DATA_PREFIX = Buffer.from('data: ');

/** More than this without a blank line is no event of a chat. */
const MAX_EVENT_BYTES = 16 * 1024 * 1024;

/** The bytes are no event stream: one event has no end. */
export class EventTooLargeError extends Error {
  override readonly name = 'EventTooLargeError';
}

/**
 * Splits a byte stream into events, however the bytes are cut into packets: in the middle of an
 * event, a line end or a character. Each byte is looked at once. Takes LF, CRLF and CR as line
 * ends; drops a byte order mark, comments, and events without data (the standard's own rules).
 */
export function eventSplitter(): (bytes: Uint8Array) => ServerEvent[] {
  let parts: Uint8Array[] = [];
  let heldBytes = 0;
  let lineIsEmpty = true;
  let afterCr = false;
  let sawCr = false;

  function take(last: Uint8Array): ServerEvent | undefined {
    const block = parts.length === 0 ? last : Buffer.concat([...parts, last]);
    const event = readBlock(Buffer.from(block.buffer, block.byteOffset, block.length), sawCr);
    parts = [];
    heldBytes = 0;
    sawCr = false;
    return event;
  }

  return (bytes) => {
    const events: ServerEvent[] = [];
    let start = 0;
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index];
      const secondHalf = byte === LF && afterCr;
      afterCr = byte === CR;
      if (afterCr) sawCr = true;
      if (secondHalf) {
        // The LF of a CRLF whose CR already ended the event belongs to nobody.
        if (index === start && heldBytes === 0) start = index + 1;
        continue;
      }
      if (byte !== LF && byte !== CR) {
        lineIsEmpty = false;
        continue;
      }
      if (lineIsEmpty) {
        const event = take(bytes.subarray(start, index + 1));
        if (event) events.push(event);
        start = index + 1;
      }
      lineIsEmpty = true;
    }
    if (start < bytes.length) {
      parts.push(bytes.subarray(start));
      heldBytes += bytes.length - start;
      if (heldBytes > MAX_EVENT_BYTES) throw new EventTooLargeError('an event without an end');
    }
    return events;
  };
}

/** Reads one block of lines. The common case, a single `data: ` line, costs no splitting. */
function readBlock(block: Buffer, sawCr: boolean): ServerEvent | undefined {
  const end = block.length - 2;
  const isPlain =
    !sawCr && end > 6 && block.subarray(0, 6).equals(DATA_PREFIX) && block.indexOf(LF) === end;
  if (isPlain) return new PlainEvent(block);
  return readLines(block.toString('utf8'));
}

/** An event of one `data: ` line, which becomes a text only where somebody reads it. */
class PlainEvent implements ServerEvent {
  readonly raw: Buffer;
  readonly name = undefined;

  constructor(raw: Buffer) {
    this.raw = raw;
  }

  get data(): string {
    return this.raw.toString('utf8', DATA_PREFIX.length, this.raw.length - 2);
  }
}

function readLines(text: string): ServerEvent | undefined {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const data: string[] = [];
  let name: string | undefined;
  let isForeign = false;
  for (const line of lines) {
    if (line === '' || line.startsWith(':')) continue;
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') data.push(value);
    else if (field === 'event') name = value;
    else if (field !== 'id' && field !== 'retry') isForeign = true;
  }
  if (data.length === 0) {
    return isForeign ? { raw: Buffer.alloc(0), data: undefined, name } : undefined;
  }
  const head = name ? `event: ${name}\n` : '';
  const body = data.map((line) => `data: ${line}\n`).join('');
  return { raw: Buffer.from(`${head}${body}\n`), data: data.join('\n'), name };
}
