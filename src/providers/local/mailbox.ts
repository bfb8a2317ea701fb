/** A one-reader stream of values that are pushed from elsewhere. */
export type Mailbox<T> = AsyncIterator<T, undefined> & {
  push(value: T): void;
  /** Nothing more comes; what waits is still read. */
  close(): void;
  /** What waits is dropped; the reader gets the error, now or at its next look. */
  fail(error: unknown): void;
};

type Reader<T> = {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: unknown): void;
};

/**
 * Makes a mailbox. It has no limit of its own: the writer's must be known (a child never reports
 * more pieces than its context holds tokens).
 */
export function mailbox<T extends object>(): Mailbox<T> {
  const waiting: T[] = [];
  const readers: Reader<T>[] = [];
  let end: { error?: unknown } | undefined;

  function next(): Promise<IteratorResult<T, undefined>> {
    const value = waiting.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (!end) return new Promise((resolve, reject) => readers.push({ resolve, reject }));
    if (!('error' in end)) return Promise.resolve({ done: true, value: undefined });
    const { error } = end;
    end = {};
    return Promise.reject(error);
  }

  function push(value: T): void {
    if (end) return;
    const reader = readers.shift();
    if (reader) reader.resolve({ done: false, value });
    else waiting.push(value);
  }

  function close(): void {
    end ??= {};
    for (const reader of readers.splice(0)) reader.resolve({ done: true, value: undefined });
  }

  function fail(error: unknown): void {
    if (end) return;
    const [first, ...others] = readers.splice(0);
    waiting.length = 0;
    end = first ? {} : { error };
    first?.reject(error);
    for (const reader of others) reader.resolve({ done: true, value: undefined });
  }

  return { next, push, close, fail };
}
