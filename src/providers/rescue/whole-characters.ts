import { type ChatChunk, type ChatEvent, eventOf } from '../../core/chat.ts';
import { withText } from './delivered.ts';

/**
 * Holds an event back whose text ends between the two halves of a character (UTF-16 surrogates)
 * until the next one has come. When the stream breaks there, the half is left out, so that whoever
 * carries on can say the whole character.
 */
export async function* wholeCharacters(
  events: AsyncIterable<ChatEvent>,
): AsyncGenerator<ChatEvent, void, void> {
  let held: ChatEvent | undefined;
  try {
    for await (const event of events) {
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
