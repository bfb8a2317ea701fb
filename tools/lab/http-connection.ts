import type { Socket } from 'node:net';
import { BadRequest } from './http-body.ts';
import { createRequestReader, type HttpRequest } from './http-request.ts';
import { headText } from './wire.ts';

/** Answers one request; resolves when the answer has ended, however it ended. */
type Handle = (request: HttpRequest, socket: Socket, gone: AbortSignal) => Promise<void>;

const tlsHandshake = 0x16;
const tlsGarbage = Buffer.from('deadbeefcafe00ff0badc0de00112233', 'hex');

/**
 * Serves one keep-alive connection, one request after the other. A caller that starts with a TLS
 * handshake is answered with bytes that no TLS stack accepts.
 */
export function serveConnection(socket: Socket, handle: Handle): void {
  const gone = new AbortController();
  const waiting: HttpRequest[] = [];
  let working = false;
  let fresh = true;
  const reader = createRequestReader(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'));

  async function work(): Promise<void> {
    if (working) return;
    working = true;
    for (let request = waiting.shift(); request; request = waiting.shift()) {
      await handle(request, socket, gone.signal);
      if (request.headers.connection?.toLowerCase() === 'close') socket.end();
    }
    working = false;
  }

  function refuse(error: unknown): void {
    if (!(error instanceof BadRequest)) throw error;
    socket.end(headText(400, { 'content-length': '0', connection: 'close' }));
  }

  socket.setNoDelay(true);
  socket.on('data', (bytes: Buffer) => {
    if (fresh && bytes[0] === tlsHandshake) {
      socket.end(tlsGarbage);
      return;
    }
    fresh = false;
    try {
      const request = reader.feed(bytes);
      if (request) waiting.push(request);
    } catch (error) {
      refuse(error);
    }
    void work();
  });
  // A reset by the caller is told by 'close' as well; without a listener it would end the process.
  socket.on('error', () => {});
  socket.on('end', () => gone.abort());
  socket.on('close', () => gone.abort());
}
