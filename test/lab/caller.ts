import { connect } from 'node:net';
import { type Heard, takeApart } from './heard.ts';

type Ask = {
  readonly url: string;
  readonly body?: unknown;
  readonly path?: string;
  readonly method?: string;
  readonly key?: string;
  readonly headers?: readonly string[];
  /** Stop listening when nothing has come for so long; without it only the lab ends the talk. */
  readonly quietMs?: number;
  /** Listen on although the answer is complete. */
  readonly until?: 'complete' | 'ended';
};

/** The bytes of a request. */
export function requestBytes({ url, body, path, method, key = 'gsk_test', headers = [] }: Ask) {
  const { pathname } = new URL(url);
  const data = body === undefined ? '' : JSON.stringify(body);
  const lines = [
    `${method ?? 'POST'} ${pathname}${path ?? '/chat/completions'} HTTP/1.1`,
    'host: lab',
    `authorization: Bearer ${key}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(data)}`,
    ...headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${data}`;
}

const lastChunk = Buffer.from('0\r\n\r\n');

/** Asks over a raw socket and listens until the answer is complete or the connection ends. */
export function hear(ask: Ask): Promise<Heard> {
  const { hostname, port } = new URL(ask.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const parts: Buffer[] = [];
    let quiet: NodeJS.Timeout | undefined;
    function finish(ending: Heard['ending']): void {
      clearTimeout(quiet);
      socket.destroy();
      resolve(takeApart(Buffer.concat(parts), ending));
    }
    function waitForQuiet(): void {
      clearTimeout(quiet);
      if (ask.quietMs) quiet = setTimeout(() => finish('silence'), ask.quietMs);
    }
    socket.on('connect', () => socket.write(requestBytes(ask), waitForQuiet));
    socket.on('data', (bytes: Buffer) => {
      parts.push(bytes);
      waitForQuiet();
      if (ask.until === 'ended') return;
      const raw = Buffer.concat(parts);
      const chunked = raw.includes('transfer-encoding: chunked');
      if (chunked && !raw.subarray(-5).equals(lastChunk)) return;
      if (takeApart(raw, 'complete').complete) finish('complete');
    });
    socket.on('end', () => finish('fin'));
    socket.on('error', () => finish('reset'));
  });
}
