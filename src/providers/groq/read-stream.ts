import { AttemptError } from '../../core/attempt.ts';
import type { ChatChunk, ChatEvent } from '../../core/chat.ts';
import { isObject, parseJson } from '../../core/json.ts';
import { eventSplitter, type ServerEvent } from '../../core/sse.ts';
import type { ByteSource } from './byte-source.ts';
import type { Exchange } from './exchange.ts';
import { cut, garbage, inband } from './faults.ts';
import { wellFormed } from './well-formed.ts';

type Options = {
  /** Told of an event that is no JSON and was left out. */
  readonly onMalformed: () => void;
  /** How long in all usage and `[DONE]` are waited for after the finish reason. */
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
  let isFinished = false;
  try {
    if (!isEventStream(headers)) throw garbage(new Error('not an event stream'));
    const split = eventSplitter();
    const readEnd = readerWithin(body, afterFinishMs);
    const finishes = finishedChoices();
    let isEmpty = true;
    const isWellFormed = wellFormed(onMalformed);
    for (;;) {
      const bytes = isFinished ? await readEnd() : await body.read();
      if (!bytes) {
        isOver = true;
        break;
      }
      for (const event of split(bytes)) {
        if (event.data === '[DONE]') {
          if (!isFinished) throw isEmpty ? garbage(new Error('no event')) : cut();
          isOver = true;
          void drain(readEnd);
          return;
        }
        const chunk = chunkOf(event);
        if (!isWellFormed(chunk)) continue;
        isEmpty = false;
        isFinished = finishes(chunk);
        yield { raw: event.raw, chunk };
      }
    }
    if (!isFinished) throw isEmpty ? garbage(new Error('no event')) : cut();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    // What goes wrong once everything was said is no loss.
    if (isFinished) return;
    throw error instanceof AttemptError ? error : cut(error);
  } finally {
    if (!isOver) body.cancel(new Error('the stream is not read any further'));
  }
}

/** Tells, chunk by chunk, whether every choice that was begun has its finish reason. */
function finishedChoices(): (chunk: ChatChunk) => boolean {
  const finished = new Map<number, boolean>();
  return ({ choices }) => {
    for (const { index = 0, finish_reason } of choices) {
      finished.set(index, Boolean(finish_reason) || finished.get(index) === true);
    }
    return finished.size > 0 && [...finished.values()].every(Boolean);
  };
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
  const choices = value['choices'];
  if (!Array.isArray(choices) || !choices.every(isChoice)) return undefined;
  if (choices.some((choice) => choice['finish_reason'] === 'error')) {
    throw inband(new Error('the finish reason is an error'));
  }
  return value as ChatChunk;
}

/** A choice whose texts are texts, and whose calls are a list. */
function isChoice(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  const delta = value['delta'] ?? {};
  if (!isObject(delta)) return false;
  const { content, reasoning, tool_calls: calls } = delta;
  return isTextOrNothing(content) && isTextOrNothing(reasoning) && Array.isArray(calls ?? []);
}

function isTextOrNothing(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string';
}

/** Reads on, but waits for at most `limitMs` in all; undefined then, and after any error. */
function readerWithin(body: ByteSource, limitMs: number): () => Promise<Uint8Array | undefined> {
  let leftMs = limitMs;
  return async () => {
    const since = performance.now();
    const timer = setTimeout(() => body.cancel(new Error('nothing follows')), leftMs);
    try {
      return await body.read();
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
      leftMs -= performance.now() - since;
    }
  };
}

/** Lets the body end after `[DONE]`, so that its connection can serve the next request. */
async function drain(read: () => Promise<Uint8Array | undefined>): Promise<void> {
  while (await read());
}
