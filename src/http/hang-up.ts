import type { ServerResponse } from 'node:http';
import { clientClosedRequest } from '../core/errors.ts';
import { stop } from '../core/stop.ts';

/**
 * A signal that is aborted when the caller hangs up. That is the response's `close` before it was
 * finished; the request's own `close` comes as soon as its body was read.
 */
export function hangUpSignal(response: ServerResponse): AbortSignal {
  const { signal, abort } = stop();
  const hangUp = () => {
    if (!response.writableFinished) abort(clientClosedRequest());
  };
  if (response.destroyed) hangUp();
  else response.on('close', hangUp);
  return signal;
}
