import { afterwards } from './afterwards.ts';

/** What comes longer after the one before it, in milliseconds, is alone. */
const ALONE_MS = 0.2;

/**
 * Does the same thing for all that come in one turn of the event loop, one after the other in its end.
 * Work of one kind done in a row finds its code and data still in the processor's caches, and wakes
 * whoever it writes to once: under load a request takes two thirds of the time. One that comes alone is
 * done at once; one that comes out of another's handling is not alone.
 *
 * @param handle must not throw
 * @param clock milliseconds that only grow
 */
export function together<T>(
  handle: (item: T) => void,
  clock: { now(): number } = performance,
): (item: T) => void {
  let lastAt = Number.NEGATIVE_INFINITY;
  let isHandling = false;
  let isWaiting = false;

  const later = afterwards<T>((items) => {
    isWaiting = false;
    isHandling = true;
    for (const item of items) handle(item);
    isHandling = false;
  });

  return (item) => {
    const now = clock.now();
    const isAlone = !isHandling && !isWaiting && now - lastAt > ALONE_MS;
    lastAt = now;
    if (isAlone) {
      handle(item);
      return;
    }
    isWaiting = true;
    later(item);
  };
}
