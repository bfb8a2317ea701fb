import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Adapter } from 'lowdb';

/**
 * A lowdb adapter for text that a power cut or a kill -9 can't tear: written beside the file,
 * flushed to the disk, then renamed over it. Mode 0600 from its first byte. lowdb's own adapter
 * renames too, but neither flushes nor sets the mode.
 */
export function atomicFile(path: string): Adapter<string> {
  const draft = `${path}.tmp`;
  return {
    read: () => readIfThere(path),
    write: async (text) => {
      await rm(draft, { force: true });
      await writeFlushed(draft, text);
      await rename(draft, path);
      await flushDirectory(dirname(path));
    },
  };
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function writeFlushed(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text, 'utf8');
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Without it a rename may be lost by a power cut. Windows can't open a directory; it needn't. */
async function flushDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
