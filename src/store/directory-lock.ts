import { createHash } from 'node:crypto';
import { realpath, rm, stat } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Somebody else runs on this directory. */
export class DirectoryLockedError extends Error {
  override readonly name = 'DirectoryLockedError';

  /** @param holder its process id, where it told it */
  constructor(directory: string, holder: string) {
    super(
      `Another keyturn${holder ? ` (process ${holder})` : ''} already runs on ${directory}. ` +
        'Stop it first, or give this one a DATA_DIR of its own.',
    );
  }
}

/** A held lock. */
export type DirectoryLock = { release(): Promise<void> };

/** The longest path that a socket may have (macOS; Linux: 107). */
const LONGEST_PATH = 103;

/**
 * Makes sure that this process is the only one that works on `directory`.
 *
 * The lock is a listening local socket whose name is made from the directory, so the kernel lets it
 * go with the process, however that ends: a kill -9 never blocks the next start, and a reused
 * process id can't be mistaken for the holder. Whoever connects is told the holder's process id.
 * A second one lies in the directory itself, since another container that has the same one mounted
 * doesn't see the first; where the file system knows no sockets, it is done without.
 *
 * @throws DirectoryLockedError when another process holds it.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const real = await realpath(directory);
  const servers = [await held(await socketName(real), directory)];
  const release = async () => {
    for (const server of servers) await closed(server);
  };
  try {
    const path = join(real, '.keyturn.lock');
    if (Buffer.byteLength(path) <= LONGEST_PATH) servers.push(await held(path, directory));
  } catch (error) {
    if (error instanceof DirectoryLockedError) {
      await release();
      throw error;
    }
  }
  return { release };
}

async function held(path: string, directory: string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(String(process.pid));
  });
  server.unref();
  try {
    await listen(server, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const holder = await holderOf(path);
    if (holder !== undefined || !isFile(path))
      throw new DirectoryLockedError(directory, holder ?? '');
    // A socket's file stays after a kill -9; the other kinds of name don't.
    await rm(path, { force: true });
    await listen(server, path);
  }
  return server;
}

/** By the directory's own number: containers that share a network may each have a `/data`. */
async function socketName(directory: string): Promise<string> {
  const { dev, ino } = await stat(directory, { bigint: true });
  const identity = process.platform === 'linux' ? `${dev}:${ino}` : directory;
  const digest = createHash('sha256').update(identity).digest('hex').slice(0, 32);
  const user = process.getuid?.() ?? 0;
  if (process.platform === 'linux') return `\0keyturn-${digest}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\keyturn-${digest}`;
  return join(tmpdir(), `keyturn-${user}-${digest}.sock`);
}

function isFile(path: string): boolean {
  return !path.startsWith('\0') && process.platform !== 'win32';
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

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** What the holder says of itself; nothing if it is busy or stopped, undefined if nobody listens. */
function holderOf(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text: string | undefined;
    const socket = createConnection({ path }, () => {
      text ??= '';
    });
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on('data', (chunk) => {
      text = `${text ?? ''}${chunk}`;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}
