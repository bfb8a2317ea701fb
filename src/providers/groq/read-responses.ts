import { AttemptError } from '../../core/attempt.ts';
import type { ChatChunk, ChatEvent, Usage } from '../../core/chat.ts';
import { isObject, parseJson } from '../../core/json.ts';
import { eventSplitter, type ServerEvent } from '../../core/sse.ts';
import { isUsage } from '../../core/usage.ts';
import type { Exchange } from './exchange.ts';
import { cut, garbage, inband } from './faults.ts';
import { wellFormed } from './well-formed.ts';

type Options = {
  /** Told of an event that is no JSON and was left out. */
  readonly onMalformed: () => void;
};

/** An event of the Responses API, and what it means for the stream. */
export type ResponseEvent = ChatEvent & { readonly kind: 'opening' | 'content' | 'end' };

/** Events that tell nothing yet: a provider that fails after them has not begun to answer. */
const OPENING: ReadonlySet<unknown> = new Set([
  'response.created',
  'response.queued',
  'response.in_progress',
  'response.output_item.added',
  'response.content_part.added',
]);

const END: ReadonlySet<unknown> = new Set(['response.completed', 'response.incomplete']);

/** What an event is in a chat's words: a piece of the answer, for those who count them, or nothing. */
const PIECE: ChatChunk = { choices: [{}] };
const NONE: ChatChunk = { choices: [] };

/**
 * Reads a streamed response of the Responses API, event by event. One malformed event is left out;
 * two in a row are a broken stream. Ends only after the event that completes it.
 *
 * @throws AttemptError when the stream breaks off, reports an error, or is no event stream.
 */
export async function* readResponses(
  { body }: Exchange,
  signal: AbortSignal,
  { onMalformed }: Options,
): AsyncGenerator<ResponseEvent, void, void> {
  const split = eventSplitter();
  let isEmpty = true;
  const isWellFormed = wellFormed(onMalformed);
  try {
    for (let bytes = await body.read(); bytes; bytes = await body.read()) {
      for (const event of split(bytes)) {
        if (event.data === '[DONE]') continue;
        const read = eventOf(event);
        if (!isWellFormed(read)) continue;
        isEmpty = false;
        yield read;
        if (read.kind === 'end') return;
      }
    }
    throw isEmpty ? garbage(new Error('no event')) : cut();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof AttemptError ? error : cut(error);
  } finally {
    body.cancel(new Error('the stream is not read any further'));
  }
}

/** @throws AttemptError for an event that says that the response failed. */
function eventOf({ data, name, raw }: ServerEvent): ResponseEvent | undefined {
  const value = data === undefined ? undefined : parseJson(data);
  const type = isObject(value) ? value['type'] : undefined;
  if (type === 'error' || type === 'response.failed' || name === 'error') {
    throw inband(new Error(String(type ?? name)));
  }
  if (isObject(value) && value['error']) throw inband(new Error('an error in an event'));
  if (!isObject(value) || typeof type !== 'string') return undefined;
  if (OPENING.has(type)) return { raw, chunk: NONE, kind: 'opening' };
  if (!END.has(type))
    return { raw, chunk: type.endsWith('.delta') ? PIECE : NONE, kind: 'content' };
  const response = value['response'];
  const usage = isObject(response) ? chatUsage(response['usage']) : undefined;
  return { raw, chunk: { choices: [], usage }, kind: 'end' };
}

/** The Responses API's token counts under a chat's names. */
export function chatUsage(usage: unknown): Usage | undefined {
  if (!isObject(usage)) return undefined;
  const { input_tokens: input, output_tokens: output } = usage;
  const sum = Number(input) + Number(output);
  const counts = { prompt_tokens: input, completion_tokens: output, total_tokens: sum };
  return isUsage(counts) ? counts : undefined;
}
