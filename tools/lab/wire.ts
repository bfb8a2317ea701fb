import type { Socket } from 'node:net';
import { reset } from './reset.ts';

/** Thrown out of every write and wait once the caller has hung up. */
export class CallerGone extends Error {}

/** How the lab itself ended a connection. */
type Closing = 'closed' | 'reset';

/** What happened on the wire, for the log. */
export interface WireObserver {
  sent(bytes: number): void;
  status(status: number): void;
  closing(how: Closing): void;
}

/** The answering side of one connection: raw bytes, chunks, and every way to end. */
export interface Wire {
  /** Aborted when the socket is gone, whoever ended it. */
  readonly gone: AbortSignal;
  send(bytes: Buffer | string): Promise<void>;
  head(status: number, headers: Readonly<Record<string, string>>): Promise<void>;
  chunk(bytes: Buffer | string): Promise<void>;
  lastChunk(): Promise<void>;
  /** Ends the connection with a FIN. */
  close(): void;
  /** Ends the connection with an RST, after what was written has had time to arrive. */
  reset(): Promise<void>;
  wait(milliseconds: number): Promise<void>;
  /** Lets what was written leave before more is written. */
  breathe(): Promise<void>;
  /** Holds the socket open until the caller leaves. */
  hold(): Promise<never>;
}

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  308: 'Permanent Redirect',
  403: 'Forbidden',
  404: 'Not Found',
  407: 'Proxy Authentication Required',
  413: 'Payload Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** The first line and headers of an answer, ready to send. */
export function headText(status: number, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${reasons[status] ?? 'Status'}\r\n${lines.join('')}\r\n`;
}

const settleMs = 10;

/** A wire over a socket; a new one for every request, as the observer belongs to the request. */
export function createWire(socket: Socket, gone: AbortSignal, observer: WireObserver): Wire {
  function untilGone<T>(start: (resolve: (value: T) => void) => () => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (gone.aborted) return reject(new CallerGone());
      const stop = start((value) => {
        gone.removeEventListener('abort', leave);
        resolve(value);
      });
      const leave = () => {
        stop();
        reject(new CallerGone());
      };
      gone.addEventListener('abort', leave, { once: true });
    });
  }

  const send = (bytes: Buffer | string): Promise<void> =>
    untilGone((resolve) => {
      observer.sent(Buffer.byteLength(bytes));
      socket.write(bytes, (error) => error ?? resolve());
      return () => {};
    });

  const wait = (milliseconds: number): Promise<void> =>
    untilGone((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      return () => clearTimeout(timer);
    });

  const breathe = (): Promise<void> =>
    untilGone((resolve) => {
      const turn = setImmediate(resolve);
      return () => clearImmediate(turn);
    });

  return {
    gone,
    send,
    wait,
    breathe,
    head(status, headers) {
      observer.status(status);
      return send(headText(status, headers));
    },
    chunk(bytes) {
      const data = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
      const size = Buffer.from(`${data.length.toString(16)}\r\n`);
      return send(Buffer.concat([size, data, Buffer.from('\r\n')]));
    },
    lastChunk: () => send('0\r\n\r\n'),
    close() {
      observer.closing('closed');
      socket.end();
    },
    async reset() {
      await wait(settleMs);
      observer.closing('reset');
      reset(socket);
    },
    hold: () => untilGone<never>(() => () => {}),
  };
}
