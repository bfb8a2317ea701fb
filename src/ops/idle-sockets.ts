import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Connections on which nothing is under way: no request came yet, or every answer has left to its last
 * byte. Node's own count misses the first, and takes an answer for over once its end was written,
 * however much of it still waits for a slow reader.
 */
export function idleSockets(server: Server): ReadonlySet<Socket> {
  const idle = new Set<Socket>();
  /** Answers under way; several where requests were sent in a row. */
  const busy = new WeakMap<Socket, number>();

  server.on('connection', (socket: Socket) => {
    idle.add(socket);
    socket.once('close', () => idle.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    idle.delete(socket);
    busy.set(socket, (busy.get(socket) ?? 0) + 1);
    response.on('close', () => {
      const left = (busy.get(socket) ?? 1) - 1;
      busy.set(socket, left);
      if (left === 0 && !socket.destroyed) idle.add(socket);
    });
  });
  return idle;
}
