import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Tells answers of their connection's end that wait there behind another one (pipelining): they have
 * no socket yet, and Node 20 tells only the one that has (24 tells all). Whoever works on them would
 * never learn that their caller is gone.
 */
export function pipelined(): (socket: Socket, response: ServerResponse) => void {
  const lines = new WeakMap<Socket, Set<ServerResponse>>();

  function lineOf(socket: Socket): Set<ServerResponse> {
    const known = lines.get(socket);
    if (known) return known;
    const line = new Set<ServerResponse>();
    lines.set(socket, line);
    socket.once('close', () => {
      for (const response of line) if (!response.socket && !response.destroyed) close(response);
    });
    return line;
  }

  return (socket, response) => {
    if (response.socket) return;
    const line = lineOf(socket);
    line.add(response);
    response.on('close', () => line.delete(response));
  };
}

function close(response: ServerResponse): void {
  response.destroy();
  response.emit('close');
}
