import { AttemptError } from '../../core/attempt.ts';
import type { ChatChunk, ChatEvent } from '../../core/chat.ts';
import { eventSplitter, type ServerEvent } from '../../core/sse.ts';
import type { ByteSource } from './byte-source.ts';
import type { Exchange } from './exchange.ts';
import { cut, garbage, inband } from './faults.ts';
import { isObject } from './read-whole.ts';

type Options = {
  /** Told of an event that is no JSON and was left out. */
  readonly onMalformed: () => void;
  /** How long usage and `[DONE]` may follow the finish reason, before the stream counts as over. */
  readonly afterFinishMs?: number;
};

/**
 * Reads a streamed chat completion, event by event, without `[DONE]`. One malformed event is left
 * out; two in a row are a broken stream. Ends only after a finish reason.
 *
 * @throws AttemptError when the stream breaks off, reports an error, or is no event stream.
 */
export async function* readStream(
  { headers, body }: Exchange,
  signal: AbortSignal,
  { onMalformed, afterFinishMs = 1_000 }: Options,
): AsyncGenerator<ChatEvent, void, void> {
  let isOver = false;
  try {
    if (!isEventStream(headers)) throw garbage(new Error('not an event stream'));
    const split = eventSplitter();
    let isFinished = false;
    let isEmpty = true;
    let malformedInARow = 0;
    for (;;) {
      const bytes = isFinished ? await readWithin(body, afterFinishMs) : await body.read();
      if (!bytes) {
        isOver = true;
        break;
      }
      for (const event of split(bytes)) {
        if (event.data === '[DONE]') {
          if (!isFinished) throw isEmpty ? garbage(new Error('no event')) : cut();
          isOver = true;
          void drain(body, afterFinishMs);
          return;
        }
        const chunk = chunkOf(event);
        if (!chunk) {
          malformedInARow += 1;
          if (malformedInARow > 1) throw garbage(new Error('two malformed events in a row'));
          onMalformed();
          continue;
        }
        malformedInARow = 0;
        isEmpty = false;
        isFinished ||= chunk.choices.some(({ finish_reason }) => Boolean(finish_reason));
        yield { raw: event.raw, chunk };
      }
    }
    if (!isFinished) throw isEmpty ? garbage(new Error('no event')) : cut();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof AttemptError ? error : cut(error);
  } finally {
    if (!isOver) body.cancel(new Error('the stream is not read any further'));
  }
}

/** Some proxies label a stream as plain text; what is no stream at all soon shows by its events. */
function isEventStream(headers: Exchange['headers']): boolean {
  const type = headers['content-type'] ?? '';
  const encoding = headers['content-encoding'] ?? 'identity';
  return !/^(text\/html|application\/json)\b/i.test(type) && encoding === 'identity';
}

/**
 * The chunk of an event; undefined when it is malformed.
 *
 * @throws AttemptError for an error in mid-stream, in any of the shapes that Groq gives it:
 *   `event: error`, `data: {"error": …}`, `x_groq.error`.
 */
function chunkOf({ data, name }: ServerEvent): ChatChunk | undefined {
  if (name === 'error') throw inband(new Error('an error event'));
  if (data === undefined) return undefined;
  const value = parseJson(data);
  if (!isObject(value)) return undefined;
  if (value['error']) throw inband(new Error('an error in an event'));
  const groq = value['x_groq'];
  if (isObject(groq) && groq['error']) throw inband(new Error('x_groq.error'));
  if (!Array.isArray(value['choices']) || !value['choices'].every(isObject)) return undefined;
  return value as ChatChunk;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads on, but not for longer than `limitMs`; undefined then, and after any error. */
async function readWithin(body: ByteSource, limitMs: number): Promise<Uint8Array | undefined> {
  const timer = setTimeout(() => body.cancel(new Error('nothing follows')), limitMs);
  try {
    return await body.read();
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** Lets the body end after `[DONE]`, so that its connection can serve the next request. */
async function drain(body: ByteSource, limitMs: number): Promise<void> {
  while (await readWithin(body, limitMs));
}
