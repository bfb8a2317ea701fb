import { createServer, type Socket } from 'node:net';
import { reset } from './reset.ts';

/** A listening port, the sockets it has taken, and stopping and listening again. */
interface Listener {
  /** Listens and resolves with the port. */
  open(port: number): Promise<number>;
  /** Stops listening and resets every socket; resolves when all are gone. */
  stop(): Promise<void>;
  /** The socket's number in order of acceptance, from 1 on. */
  numberOf(socket: Socket): number;
  /** Leaves this socket out of the count. */
  hide(socket: Socket): void;
  visibleSockets(): number;
}

/** A listener that hands each accepted socket on. */
export function createListener(
  { host }: { readonly host: string },
  accept: (socket: Socket) => void,
): Listener {
  const sockets = new Map<Socket, number>();
  const hidden = new WeakSet<Socket>();
  let lastNumber = 0;
  const server = createServer((socket) => {
    lastNumber += 1;
    sockets.set(socket, lastNumber);
    socket.once('close', () => sockets.delete(socket));
    accept(socket);
  });

  return {
    open: (port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          const address = server.address();
          resolve(typeof address === 'object' && address ? address.port : port);
        });
      }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets.keys()) reset(socket);
      }),
    numberOf: (socket) => sockets.get(socket) ?? 0,
    hide: (socket) => void hidden.add(socket),
    visibleSockets: () => [...sockets.keys()].filter((socket) => !hidden.has(socket)).length,
  };
}
