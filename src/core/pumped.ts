import type { Sink, Tap } from './flow.ts';

/** Reads events by a loop, and hands them on by calls. */
export function pumped<T>(events: AsyncIterable<T>, sink: Sink<T>): Tap {
  const iterator = events[Symbol.asyncIterator]();
  let isPaused = true;
  let isReading = false;
  let isOver = false;

  async function read(): Promise<void> {
    isReading = true;
    try {
      while (!isPaused && !isOver) {
        const { done, value } = await iterator.next();
        if (isOver) return;
        if (done) return end();
        sink.take(value);
      }
    } catch (error) {
      if (isOver) return;
      isOver = true;
      sink.fail(error);
    } finally {
      isReading = false;
    }
  }

  function end(): void {
    isOver = true;
    sink.end();
  }

  return {
    resume: () => {
      isPaused = false;
      if (!isReading && !isOver) void read();
    },
    pause: () => {
      isPaused = true;
    },
    close: async () => {
      isOver = true;
      await iterator.return?.();
    },
  };
}
