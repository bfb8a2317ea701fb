import { type ChatChunk, type ChatEvent, eventOf } from '../../core/chat.ts';
import { withText } from './delivered.ts';

/**
 * Holds an event back whose text ends between the two halves of a character (UTF-16 surrogates)
 * until the next one has come. When the stream breaks there, the half is left out, so that whoever
 * carries on can say the whole character.
 */
export function wholeCharacters(events: AsyncIterable<ChatEvent>): AsyncIterable<ChatEvent> {
  const iterator = events[Symbol.asyncIterator]();
  // Nearly always nothing is to be held back, and the events are passed on as they are.
  let from: AsyncIterator<ChatEvent> = iterator;
  const look = (result: IteratorResult<ChatEvent>) => {
    if (result.done || !endsInHalf(result.value.chunk)) return result;
    from = holdingBack(result.value, { [Symbol.asyncIterator]: () => iterator });
    return from.next();
  };
  const all: AsyncIterableIterator<ChatEvent> = {
    [Symbol.asyncIterator]: () => all,
    next: () => (from === iterator ? iterator.next().then(look) : from.next()),
    return: async () => {
      await from.return?.();
      return { done: true, value: undefined };
    },
  };
  return all;
}

/** The events from the first on that ends in half a character. */
async function* holdingBack(
  first: ChatEvent,
  rest: AsyncIterable<ChatEvent>,
): AsyncGenerator<ChatEvent, void, void> {
  let held: ChatEvent | undefined = first;
  try {
    for await (const event of rest) {
      if (held) yield held;
      held = endsInHalf(event.chunk) ? event : undefined;
      if (!held) yield event;
    }
  } catch (error) {
    if (held) yield eventOf(withText(held.chunk, textOf(held.chunk).slice(0, -1)));
    throw error;
  }
  if (held) yield held;
}

function endsInHalf(chunk: ChatChunk): boolean {
  const text = textOf(chunk);
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}

function textOf({ choices }: ChatChunk): string {
  return choices[0]?.delta?.content ?? '';
}
