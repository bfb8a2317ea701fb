import { type ChatEvent, eventOf } from '../../core/chat.ts';

/** Takes out what a provider says a second time of a choice's end: each ends once, for its first reason. */
export function oneFinish(): (event: ChatEvent) => ChatEvent {
  let finished: Set<number> | undefined;

  /** Whether it has ended before. */
  function endsAgain(index: number): boolean {
    finished ??= new Set();
    const isAgain = finished.has(index);
    finished.add(index);
    return isAgain;
  }

  return (event) => {
    const { choices } = event.chunk;
    if (!choices.some(({ finish_reason }) => finish_reason)) return event;
    let isChanged = false;
    const once = choices.map((choice) => {
      const { index = 0, finish_reason } = choice;
      if (!finish_reason || !endsAgain(index)) return choice;
      isChanged = true;
      return { ...choice, finish_reason: null };
    });
    return isChanged ? eventOf({ ...event.chunk, choices: once }) : event;
  };
}
