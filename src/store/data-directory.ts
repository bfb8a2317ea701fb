import { access, chmod, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type DirectoryLock, lockDirectory } from './directory-lock.ts';
import type { DocumentStore } from './document.ts';
import { fileStore } from './file-store.ts';
import { memoryStore } from './memory-store.ts';

type Options<T> = {
  readonly directory: string;
  readonly parse: (kept: unknown) => T;
  readonly now: () => number;
  readonly onSetAside: (movedTo: string) => void;
  /** Told when nothing can be written here, so that everything lives in memory. */
  readonly onUnwritable: (error: unknown) => void;
};

/** The data directory, held by this process alone. */
export type DataDirectory<T> = {
  readonly keys: DocumentStore<T>;
  /** False where nothing can be written: what is kept then ends with the process. */
  readonly isDurable: boolean;
  release(): Promise<void>;
};

/**
 * Opens `DATA_DIR` (mode 0700) and what is kept in it. Where it can't be made or written, the
 * server works all the same, from memory.
 *
 * @throws DirectoryLockedError when another process runs on it; StoreError when it can't be read.
 */
export async function openDataDirectory<T>(options: Options<T>): Promise<DataDirectory<T>> {
  const { directory, onUnwritable } = options;
  let lock: DirectoryLock | undefined;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    lock = await lockDirectory(directory);
    await access(directory, constants.W_OK);
    await chmod(directory, 0o700);
  } catch (error) {
    if (!isFileError(error)) throw error;
    onUnwritable(error);
    if (!(await isReadable(directory))) {
      return { keys: memoryStore(), isDurable: false, release: async () => lock?.release() };
    }
  }
  const keys = await fileStore({ ...options, path: join(directory, 'db.json') });
  return { keys, isDurable: true, release: async () => lock?.release() };
}

async function isReadable(directory: string): Promise<boolean> {
  return access(directory, constants.R_OK).then(
    () => true,
    () => false,
  );
}

function isFileError(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return (
    code !== undefined && ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR', 'EEXIST'].includes(code)
  );
}
