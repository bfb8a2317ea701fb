import { createHash } from 'node:crypto';
import { realpath, rm } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Somebody else runs on this directory. */
export class DirectoryLockedError extends Error {
  override readonly name = 'DirectoryLockedError';
}

/** A held lock. */
export type DirectoryLock = { release(): Promise<void> };

/**
 * Makes sure that this process is the only one that works on `directory`.
 *
 * The lock is a listening local socket whose name is made from the directory, so the kernel lets it
 * go with the process, however that ends: a kill -9 never blocks the next start, and a reused
 * process id can't be mistaken for the holder. Whoever connects is told the holder's process id.
 *
 * @throws DirectoryLockedError when another process holds it.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const path = socketName(await realpath(directory));
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(String(process.pid));
  });
  server.unref();
  try {
    await listen(server, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    await takeOver(server, path, directory);
  }
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** A socket file (macOS) stays after a kill -9; the other kinds of name don't. */
async function takeOver(server: Server, path: string, directory: string): Promise<void> {
  const holder = await holderOf(path);
  if (holder === undefined && process.platform !== 'linux' && process.platform !== 'win32') {
    await rm(path, { force: true });
    return listen(server, path);
  }
  throw new DirectoryLockedError(
    `Another keyturn${holder ? ` (process ${holder})` : ''} already runs on ${directory}. ` +
      'Stop it first, or give this one a DATA_DIR of its own.',
  );
}

function socketName(directory: string): string {
  const digest = createHash('sha256').update(directory).digest('hex').slice(0, 32);
  const user = process.getuid?.() ?? 0;
  if (process.platform === 'linux') return `\0keyturn-${digest}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\keyturn-${digest}`;
  return join(tmpdir(), `keyturn-${user}-${digest}.sock`);
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function holderOf(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const socket = createConnection({ path });
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text || undefined));
  });
}
