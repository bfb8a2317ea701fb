import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A request that posts JSON, as it goes over the wire. */
export function rawPost(
  path: string,
  body: object,
  headers: Readonly<Record<string, string>>,
): string {
  const text = JSON.stringify(body);
  const all = {
    host: 'x',
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text}`;
}

/** Sends bytes as they are; what comes back, and how long the caller stays, is the test's own affair. */
export function rawCaller(url: string, bytes: string | Uint8Array): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(bytes);
  return socket;
}

/**
 * Sends bytes as they are, and resolves with all that comes back until the server closes. What is
 * to follow goes out when the first answer arrives.
 */
export async function rawHttp(
  url: string,
  bytes: string | Uint8Array,
  following?: string,
): Promise<string> {
  const socket = rawCaller(url, bytes);
  let answer = '';
  socket.setEncoding('utf8').on('data', (text) => {
    if (answer === '' && following) socket.write(following);
    answer += text;
  });
  await once(socket, 'close');
  return answer;
}
