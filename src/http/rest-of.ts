import type { IncomingMessage } from 'node:http';

/** A sender who is silent for so long waits for something. */
const PATIENCE_MS = 2_000;

/** Drops what still comes of a request's body. Resolves with its end, or when its sender waits. */
export function restOf(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const patience = setTimeout(leave, PATIENCE_MS);
    const drop = () => void patience.refresh();
    function leave(): void {
      clearTimeout(patience);
      request.off('data', drop).off('close', leave);
      request.resume();
      resolve();
    }
    request.on('data', drop).on('close', leave);
    if (request.destroyed) leave();
  });
}
