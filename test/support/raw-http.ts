import { once } from 'node:events';
import { connect } from 'node:net';

/**
 * Sends bytes as they are, and resolves with all that comes back until the server closes. What is
 * to follow goes out when the first answer arrives.
 */
export async function rawHttp(
  url: string,
  bytes: string | Uint8Array,
  following?: string,
): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.setEncoding('utf8').on('data', (text) => {
    if (answer === '' && following) socket.write(following);
    answer += text;
  });
  socket.on('error', () => undefined);
  socket.write(bytes);
  await once(socket, 'close');
  return answer;
}
