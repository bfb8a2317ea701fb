import { type ChatChunk, type ChatEvent, eventOf } from '../../core/chat.ts';
import { type Flow, flow, lead } from '../../core/flow.ts';
import { withText } from './delivered.ts';

/**
 * Holds an event back whose text ends between the two halves of a character (UTF-16 surrogates)
 * until the next one has come. When the stream breaks there, the half is left out, so that whoever
 * carries on can say the whole character.
 */
export function wholeCharacters(events: AsyncIterable<ChatEvent>): Flow<ChatEvent> {
  return flow((sink) => {
    let held: ChatEvent | undefined;
    const release = () => {
      const event = held;
      held = undefined;
      if (event) sink.take(event);
    };
    return lead(events, {
      take: (event) => {
        release();
        if (endsInHalf(event.chunk)) held = event;
        else sink.take(event);
      },
      end: () => {
        release();
        sink.end();
      },
      fail: (error) => {
        if (held) held = eventOf(withText(held.chunk, textOf(held.chunk).slice(0, -1)));
        release();
        sink.fail(error);
      },
    });
  });
}

function endsInHalf(chunk: ChatChunk): boolean {
  const text = textOf(chunk);
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}

function textOf({ choices }: ChatChunk): string {
  return choices[0]?.delta?.content ?? '';
}
