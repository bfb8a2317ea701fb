import type { ServerResponse } from 'node:http';
import { type ApiError, clientClosedRequest } from '../core/errors.ts';
import { type Stop, stop } from '../core/stop.ts';

/** The answers under way. */
export type OpenAnswers = {
  /**
   * What the work on an answer listens to: it is aborted when the caller hangs up, and by `endAll`. A
   * caller has hung up at the response's `close` before it was finished; the request's own `close` comes
   * as soon as its body was read.
   */
  signalFor(response: ServerResponse): AbortSignal;
  /** Ends the work on them all, and on those to come: each caller reads the reason instead of the rest. */
  endAll(reason: ApiError): void;
};

/** For one server. */
export function openAnswers(): OpenAnswers {
  const underWay = new Set<Stop>();
  let ended: ApiError | undefined;
  return {
    signalFor: (response) => {
      const mine = stop();
      const close = () => {
        underWay.delete(mine);
        if (!response.writableFinished) mine.abort(clientClosedRequest());
      };
      if (ended) mine.abort(ended);
      if (response.destroyed) {
        close();
      } else {
        underWay.add(mine);
        response.on('close', close);
      }
      return mine.signal;
    },
    endAll: (reason) => {
      ended = reason;
      for (const each of underWay) each.abort(reason);
    },
  };
}
