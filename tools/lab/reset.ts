import type { Socket } from 'node:net';

/**
 * Ends a connection with an RST; one whose FIN is on its way already ends with that. Node marks such
 * a socket as closing and libuv refuses to reset it (`uv_tcp_close_reset`: EINVAL), so that it is never
 * closed, and the process spins for ever when it ends.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
