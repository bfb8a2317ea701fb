/** What is told of events that go by. */
type Watcher<T> = {
  /** One is waited for. */
  readonly asked?: () => void;
  readonly seen?: (event: T) => void;
  /** Once: they are all through, their reader left early, or they broke off with an error. */
  readonly ended?: (how: 'done' | 'left' | 'failed', error?: unknown) => void;
};

/**
 * Events on their way from one reader to the next, watched. It does what an async generator around
 * them would do, for a third of its cost an event, and a stream passes through many of these.
 */
export function passing<T>(
  events: AsyncIterable<T>,
  { asked, seen, ended }: Watcher<T>,
): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]: () => {
      const iterator = events[Symbol.asyncIterator]();
      let isOver = false;
      const end = (how: 'done' | 'left' | 'failed', error?: unknown) => {
        if (isOver) return;
        isOver = true;
        ended?.(how, error);
      };
      const pass = (result: IteratorResult<T>) => {
        if (result.done) end('done');
        else seen?.(result.value);
        return result;
      };
      const fail = (error: unknown) => {
        end('failed', error);
        throw error;
      };
      return {
        next: () => {
          if (!isOver) asked?.();
          return iterator.next().then(pass, fail);
        },
        return: async () => {
          try {
            await iterator.return?.();
          } finally {
            end('left');
          }
          return { done: true, value: undefined };
        },
      };
    },
  };
}
