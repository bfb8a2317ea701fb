import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { together } from '../../core/together.ts';
import { ByteQueue, type ByteSource } from './byte-source.ts';

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
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string | Readable | null | undefined;
};

/**
 * One request over undici's `dispatch`, the cheapest road that it has. Resolves with the response's
 * head. The signal ends it at any moment, then everything rejects with the signal's reason.
 */
export function exchange(
  dispatcher: Dispatcher,
  { origin, path, method, headers, body = null }: Outgoing,
  signal: AbortSignal,
): Promise<Exchange> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const receiver = new Receiver(signal, resolve, reject);
    const options = { origin, path, method, headers, body, headersTimeout: 0, bodyTimeout: 0 };
    send({ dispatcher, options, receiver });
  });
}

type Letter = {
  readonly dispatcher: Dispatcher;
  readonly options: Dispatcher.DispatchOptions;
  readonly receiver: Receiver;
};

const send = together(({ dispatcher, options, receiver }: Letter) => {
  if (receiver.isOver) return;
  try {
    dispatcher.dispatch(options, receiver);
  } catch (error) {
    receiver.onResponseError(undefined, error);
  }
});

type Arrival = { readonly resolve: (answer: Exchange) => void; readonly answer: Exchange };

const arrived = together(({ resolve, answer }: Arrival) => resolve(answer));

/** Takes in one response. */
class Receiver implements Dispatcher.DispatchHandler {
  private readonly signal: AbortSignal;
  private readonly resolve: (exchange: Exchange) => void;
  private readonly reject: (error: unknown) => void;
  private queue: ByteQueue | undefined;
  private controller: Dispatcher.DispatchController | undefined;
  /** Nobody waits for it any more. */
  isOver = false;

  constructor(
    signal: AbortSignal,
    resolve: (exchange: Exchange) => void,
    reject: (error: unknown) => void,
  ) {
    this.signal = signal;
    this.resolve = resolve;
    this.reject = reject;
    signal.addEventListener('abort', this);
  }

  /** The signal is aborted. */
  handleEvent(): void {
    const { reason } = this.signal;
    this.isOver = true;
    this.reject(reason);
    this.queue?.cancel(reason);
    this.controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.signal.aborted) controller.abort(this.signal.reason);
  }

  onResponseStart(
    flow: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.queue = new ByteQueue(flow);
    const answer = { status, headers: flatten(headers), body: this.queue };
    // They would be kept, a kilobyte with the memory that they lie in, until a stream ends.
    flow.rawHeaders = null;
    arrived({ resolve: this.resolve, answer });
  }

  onResponseData(_flow: Dispatcher.DispatchController, bytes: Buffer): void {
    this.queue?.push(bytes);
  }

  onResponseEnd(): void {
    this.signal.removeEventListener('abort', this);
    this.queue?.end();
  }

  onResponseError(_flow: unknown, error: unknown): void {
    this.signal.removeEventListener('abort', this);
    this.reject(error);
    this.queue?.fail(error);
  }
}

/** undici's headers; those that came several times are joined. */
function flatten(
  headers: Record<string, string | string[] | undefined>,
): Readonly<Record<string, string>> {
  for (const name in headers) {
    const value = headers[name];
    if (Array.isArray(value)) headers[name] = value.join(', ');
  }
  return headers as Record<string, string>;
}
