import type { ServerResponse } from 'node:http';
import { lead } from '../core/flow.ts';
import { drained } from './drained.ts';

/**
 * Writes events as they come; a caller who reads slowly slows their source down.
 *
 * @throws whatever the events fail with; the signal's reason, where it ends the wait for a slow caller.
 */
export function written<T>(
  response: ServerResponse,
  events: AsyncIterable<T>,
  bytesOf: (event: T) => Uint8Array | string,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let isFull = false;
    const leave = (error: unknown) =>
      void Promise.resolve(tap.close()).then(() => reject(error), reject);

    async function wait(): Promise<void> {
      isFull = true;
      tap.pause();
      await drained(response, signal);
      isFull = false;
      tap.resume();
    }

    const tap = lead(events, {
      take: (event) => {
        if (!response.write(bytesOf(event)) && !isFull) wait().catch(leave);
      },
      end: resolve,
      fail: reject,
    });
    tap.resume();
  });
}
