import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { idleSockets } from './idle-sockets.ts';
import type { Log } from './log.ts';

type Options = {
  readonly server: Server;
  /** How long requests under way may finish. */
  readonly graceMs: number;
  /** Ends the answers that would never end by themselves. */
  readonly onEnding: () => void;
  /** Closes everything else, in this order, after the last request. */
  readonly closers: readonly (() => Promise<void> | void)[];
  readonly log: Log;
};

/**
 * Ends the process in order: on SIGTERM or SIGINT nothing new is accepted, what is under way
 * finishes, everything is closed, exit code 0. A second signal hurries. An error that nobody caught
 * is logged and ends the process the same way, with exit code 1.
 */
export function shutdownOnSignals({ server, graceMs, onEnding, closers, log }: Options): void {
  const idle = idleSockets(server);
  let isEnding = false;
  let exitCode = 0;

  async function end(reason: string): Promise<void> {
    if (isEnding) return hurry(server);
    isEnding = true;
    log.info({ reason }, 'shutting down: requests under way may finish');
    onEnding();
    await drained(server, idle, graceMs);
    for (const close of closers) {
      try {
        await close();
      } catch (error) {
        log.error({ err: error }, 'closing failed');
      }
    }
    log.info({}, 'bye');
    process.exitCode = exitCode;
    // Whatever still holds the process open is not worth waiting for.
    setTimeout(() => process.exit(), 250).unref();
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => void end(signal));
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.error({ err: error }, 'an error that nobody caught');
      exitCode = 1;
      void end(event);
    });
  }
}

function drained(server: Server, idle: ReadonlySet<Socket>, graceMs: number): Promise<void> {
  // Connections that were kept open for a next request, or a first one, would hold the server open.
  const closeIdle = () => {
    for (const socket of idle) socket.destroy();
  };
  // Closing the server calls this, and Node's own would cut answers that are read slowly.
  server.closeIdleConnections = closeIdle;
  return new Promise((resolve) => {
    const looks = setInterval(closeIdle, 50);
    const late = setTimeout(() => hurry(server), graceMs);
    server.close(() => {
      clearInterval(looks);
      clearTimeout(late);
      resolve();
    });
    closeIdle();
  });
}

function hurry(server: Server): void {
  server.closeAllConnections();
}
