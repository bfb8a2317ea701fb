import { access, chmod, constants, mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
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

const FILE_ERRORS: ReadonlySet<string> = new Set([
  'EACCES',
  'EDQUOT',
  'EEXIST',
  'EIO',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOSPC',
  'ENOTDIR',
  'EPERM',
  'EROFS',
]);

/** The data directory, held by this process alone. */
export type DataDirectory<T> = {
  readonly keys: DocumentStore<T>;
  /** Opens another document beside the keys, in a file of this name. */
  open<D>(name: string, parse: (kept: unknown) => D): Promise<DocumentStore<D>>;
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
  let isDurable = true;
  try {
    await makeDirectory(directory);
    lock = await lockDirectory(directory);
    await access(directory, constants.W_OK);
    await closeToOthers(directory);
  } catch (error) {
    if (!isFileError(error)) throw error;
    isDurable = false;
    onUnwritable(error);
  }
  async function openFile<D>(file: Promise<DocumentStore<D>>): Promise<DocumentStore<D>> {
    return isDurable ? file : file.catch(() => memoryStore<D>());
  }
  return {
    keys: await openFile(fileStore({ ...options, path: join(directory, 'db.json') })),
    open: (name, parse) =>
      openFile(fileStore({ ...options, parse, indent: 0, path: join(directory, name) })),
    isDurable,
    release: async () => lock?.release(),
  };
}

/**
 * Makes it, with the folders above it. Node's own way to do both never ends where the system denies a
 * folder although the one above is there (`/proc`), so it is used only where that one is absent.
 */
async function makeDirectory(directory: string): Promise<void> {
  const isAloneAbsent = await access(dirname(resolve(directory))).then(
    () => true,
    () => false,
  );
  try {
    await mkdir(directory, { recursive: !isAloneAbsent, mode: 0o700 });
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
    if (!isThere || !(await stat(directory)).isDirectory()) throw error;
  }
}

/** Only its owner may change a directory's mode; on a mounted volume that is often somebody else. */
async function closeToOthers(directory: string): Promise<void> {
  try {
    await chmod(directory, 0o700);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}

function isFileError(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code !== undefined && FILE_ERRORS.has(code);
}
