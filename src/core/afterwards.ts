/**
 * Leaves work for the end of a turn of the event loop, where it is done for all that came in it, one after
 * the other: behind what a caller waits for, and with code and data still in the processor's caches.
 *
 * @param handleAll must not throw
 */
export function afterwards<T>(handleAll: (items: readonly T[]) => void): (item: T) => void {
  let waiting: T[] = [];

  function handle(): void {
    const items = waiting;
    waiting = [];
    handleAll(items);
  }

  return (item) => {
    if (waiting.length === 0) setImmediate(handle);
    waiting.push(item);
  };
}

/** When what was left for the end of this turn is done. */
export function endOfTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
