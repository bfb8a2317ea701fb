import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/**
 * Waits until a slow caller has taken what was written to them.
 *
 * @throws the signal's reason when it is aborted before; Node itself would only tell that it was.
 */
export async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  try {
    await once(response, 'drain', { signal });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}
