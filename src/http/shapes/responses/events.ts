import type { ChatEvent, Usage } from '../../../core/chat.ts';
import type { ApiError } from '../../../core/errors.ts';
import { readCallDeltas } from '../completion.ts';
import { openItems } from './open-items.ts';
import { type ResponseHead, responseObject, statusAfter } from './response.ts';

/** Writes one event of the Responses API after the other, numbered. */
export type EventWriter = (type: string, members: object) => string;

/** Numbers events from 0. */
export function eventWriter(): EventWriter {
  let number = 0;
  return (type, members) => {
    const data = { type, sequence_number: number, ...members };
    number += 1;
    return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
  };
}

/**
 * A chat's stream as a stream of the Responses API, from `response.created` to
 * `response.completed` (or `response.incomplete`). Reasoning is left out.
 */
export async function* responseEvents(
  events: AsyncIterable<ChatEvent>,
  head: ResponseHead,
  write: EventWriter,
): AsyncGenerator<string, void, void> {
  const items = openItems(write);
  let finishReason: string | null | undefined;
  let usage: Usage | undefined;
  const begin = opening(head, write);
  for await (const { chunk } of events) {
    // Not before the loop: only who has begun with the events leaves them when the caller hangs up.
    yield* begin;
    usage = chunk.usage ?? usage;
    const [choice] = chunk.choices;
    finishReason = choice?.finish_reason ?? finishReason;
    if (choice?.delta?.content) yield* items.text(choice.delta.content);
    for (const piece of readCallDeltas(choice?.delta?.tool_calls)) yield* items.call(piece);
  }
  const status = statusAfter(finishReason);
  yield* items.end(status);
  const response = responseObject(head, { status, finishReason, output: items.output(), usage });
  yield write(`response.${status}`, { response });
}

/** What a stream ends with that can't be finished. Clients wait for `response.created` first. */
export function* failureEvents(
  head: ResponseHead,
  write: EventWriter,
  error: ApiError,
  isOpened: boolean,
): Generator<string, void, void> {
  if (!isOpened) yield* opening(head, write);
  const response = responseObject(head, { status: 'failed', error });
  yield write('response.failed', { response });
}

function* opening(head: ResponseHead, write: EventWriter): Generator<string, void, void> {
  const response = responseObject(head, { status: 'in_progress' });
  yield write('response.created', { response });
  yield write('response.in_progress', { response });
}
