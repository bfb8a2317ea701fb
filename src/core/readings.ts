import type { Sink, Tap } from './flow.ts';

/** Who waits for the next value. */
type Reader<T> = {
  resolve(result: IteratorResult<T>): void;
  reject(error: unknown): void;
};

const OVER = { done: true, value: undefined } as const;

/** Reads a flow by a loop: it flows while an event is waited for. */
export function readings<T>(open: (sink: Sink<T>) => Tap): AsyncIterator<T> {
  const came: T[] = [];
  let reader: Reader<T> | undefined;
  let isOver = false;
  let failure: { readonly error: unknown } | undefined;

  function settle(): void {
    const waiting = reader;
    reader = undefined;
    if (failure) waiting?.reject(takeFailure());
    else waiting?.resolve(OVER);
  }

  /** Whoever reads on after an error finds the end. */
  function takeFailure(): unknown {
    const error = failure?.error;
    failure = undefined;
    return error;
  }

  const tap = open({
    take: (value) => {
      const waiting = reader;
      reader = undefined;
      tap.pause();
      if (waiting) waiting.resolve({ done: false, value });
      else came.push(value);
    },
    end: () => {
      isOver = true;
      settle();
    },
    fail: (error) => {
      isOver = true;
      failure = { error };
      settle();
    },
  });

  return {
    next: () => {
      const [value] = came.splice(0, 1);
      if (value !== undefined) return Promise.resolve({ done: false, value });
      if (failure) return Promise.reject(takeFailure());
      if (isOver) return Promise.resolve(OVER);
      return new Promise((resolve, reject) => {
        reader = { resolve, reject };
        tap.resume();
      });
    },
    return: async () => {
      isOver = true;
      came.length = 0;
      await tap.close();
      settle();
      return OVER;
    },
  };
}
