import { garbage } from './faults.ts';

/** Events before the answer begins that are held back; more is no answer. */
const MAX_HELD_EVENTS = 1_000;

/**
 * Waits until an answer has begun. What came before that is held back until then, and comes first in
 * the events that it resolves with; leaving those early stops the rest.
 *
 * @throws AttemptError when it ends without a beginning; whatever the events throw.
 */
export async function begun<T>(
  events: AsyncGenerator<T, void, void>,
  isBeginning: (event: T) => boolean,
): Promise<AsyncIterable<T>> {
  const held: T[] = [];
  for (;;) {
    const { value: event, done } = await events.next();
    if (done) throw garbage(new Error('an answer without a beginning'));
    held.push(event);
    if (isBeginning(event)) return resumed(held, events);
    if (held.length > MAX_HELD_EVENTS) {
      await events.return();
      throw garbage(new Error('a stream of events without content'));
    }
  }
}

function resumed<T>(held: T[], rest: AsyncGenerator<T, void, void>): AsyncIterableIterator<T> {
  const all: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => all,
    next: () => {
      const value = held.shift();
      return value === undefined ? rest.next() : Promise.resolve({ done: false, value });
    },
    return: () => rest.return(),
  };
  return all;
}
