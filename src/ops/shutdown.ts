import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { idleSockets } from './idle-sockets.ts';
import type { Log } from './log.ts';

/** How long callers may take to read why their answer ends. */
const LAST_WORDS_MS = 500;

type Options = {
  readonly server: Server;
  /** How long requests under way may finish. */
  readonly graceMs: number;
  /** Ends the answers that would never end by themselves. */
  readonly onEnding: () => void;
  /** Ends the answers that outlive their time: what has to be said to their callers is written now. */
  readonly onLate: () => void;
  /** Closes everything else, in this order, after the last request. */
  readonly closers: readonly (() => Promise<void> | void)[];
  readonly log: Log;
};

/**
 * Ends the process in order: on SIGTERM or SIGINT nothing new is accepted, what is under way
 * finishes, everything is closed, exit code 0. A second signal hurries. An error that nobody caught
 * is logged and ends the process the same way, with exit code 1.
 */
export function shutdownOnSignals(options: Options): void {
  const { server, graceMs, onEnding, onLate, closers, log } = options;
  const idle = idleSockets(server);
  let isEnding = false;
  let exitCode = 0;

  function hurry(): void {
    onLate();
    setTimeout(() => server.closeAllConnections(), LAST_WORDS_MS).unref();
  }

  async function end(reason: string): Promise<void> {
    if (isEnding) return hurry();
    isEnding = true;
    log.info({ reason }, 'shutting down: requests under way may finish');
    onEnding();
    const late = setTimeout(hurry, graceMs);
    await drained(server, idle);
    clearTimeout(late);
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

/** When the last connection has ended. */
function drained(server: Server, idle: ReadonlySet<Socket>): Promise<void> {
  // Connections that were kept open for a next request, or a first one, would hold the server open.
  const closeIdle = () => {
    for (const socket of idle) socket.destroy();
  };
  // Closing the server calls this, and Node's own would cut answers that are read slowly.
  server.closeIdleConnections = closeIdle;
  return new Promise((resolve) => {
    const looks = setInterval(closeIdle, 50);
    server.close(() => {
      clearInterval(looks);
      resolve();
    });
    closeIdle();
  });
}
