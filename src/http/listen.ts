import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type Koa from 'koa';
import { pipelined } from './pipelined.ts';
import type { RequestState } from './state.ts';

type Options = { readonly host: string; readonly port: number };

/** Longer than any proxy in front keeps an idle connection, so that the proxy closes first. */
const KEEP_ALIVE_MS = 75_000;

/**
 * Starts to listen.
 *
 * @throws the system's error (`EADDRINUSE`, `EACCES`, …).
 */
export async function listen(
  app: Koa<RequestState>,
  { host, port }: Options,
): Promise<{ server: Server; port: number }> {
  const handle = app.callback();
  const answers = new WeakMap<object, ServerResponse>();
  const waits = pipelined();
  const take = (request: IncomingMessage, response: ServerResponse) => {
    const { headers, httpVersion, socket } = request;
    if (headers.host === undefined && httpVersion === '1.1') return refuse('', socket);
    answers.set(socket, response);
    waits(socket, response);
    return void handle(request, response);
  };
  // Node's own answers to a missing host and to an unknown expectation have no body.
  const options = { keepAliveTimeout: KEEP_ALIVE_MS, requireHostHeader: false };
  const server = createServer(options, take);
  server.on('checkExpectation', (...both) => server.emit('request', ...both));
  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket) => {
    // A second answer in the midst of one would be taken for its end.
    if (answers.get(socket)?.writableFinished === false) socket.destroy();
    else refuse(code, socket as Socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return { server, port: (server.address() as AddressInfo).port };
}

/** Bytes that are no HTTP never reach a middleware; they get the same shape of error all the same. */
function refuse(code: string, socket: Socket): void {
  if (!socket.writable) return void socket.destroy();
  const [status, message] =
    code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'The request headers are too large.']
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'The request took too long to arrive.']
        : ['400 Bad Request', 'The request is no valid HTTP.'];
  const body = JSON.stringify({
    error: { message, type: 'invalid_request_error', param: null, code: 'invalid_request' },
  });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
