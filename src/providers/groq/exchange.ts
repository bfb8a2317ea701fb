import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { type ByteSink, type ByteSource, byteSink } from './byte-source.ts';

/** A response whose head has arrived. */
export type Exchange = {
  readonly status: number;
  /** Lower-case names; repeated headers joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ByteSource;
};

/** What is sent. */
export type Outgoing = {
  readonly origin: string;
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body?: Uint8Array | string | Readable | undefined;
};

/**
 * One request over undici's `dispatch`, the cheapest road that it has. Resolves with the response's
 * head. The signal ends it at any moment, then everything rejects with the signal's reason.
 */
export function exchange(
  dispatcher: Dispatcher,
  outgoing: Outgoing,
  signal: AbortSignal,
): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    let sink: ByteSink | undefined;
    let controller: Dispatcher.DispatchController | undefined;

    const stop = () => {
      reject(signal.reason);
      sink?.source.cancel(signal.reason);
      controller?.abort(signal.reason);
    };
    const settle = () => signal.removeEventListener('abort', stop);
    signal.addEventListener('abort', stop, { once: true });

    dispatcher.dispatch(
      { ...outgoing, body: outgoing.body ?? null, headersTimeout: 0, bodyTimeout: 0 },
      {
        onRequestStart: (started) => {
          controller = started;
          if (signal.aborted) started.abort(signal.reason);
        },
        onResponseStart: (flow, status, headers) => {
          if (status < 200) return;
          sink = byteSink(flow);
          resolve({ status, headers: flatten(headers), body: sink.source });
        },
        onResponseData: (_flow, bytes) => sink?.push(bytes),
        onResponseEnd: () => {
          settle();
          sink?.end();
        },
        onResponseError: (_flow, error) => {
          settle();
          reject(error);
          sink?.fail(error);
        },
      },
    );
  });
}

function flatten(
  headers: Record<string, string | string[] | undefined>,
): Readonly<Record<string, string>> {
  const flat: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
