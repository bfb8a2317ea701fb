import { rename } from 'node:fs/promises';
import { basename } from 'node:path';
import { Low } from 'lowdb';
import { atomicFile } from './atomic-file.ts';
import { type DocumentStore, StoreError } from './document.ts';

type Options<T> = {
  readonly path: string;
  /** Reads what was kept, upgrading older forms; throws when it is foreign. */
  readonly parse: (kept: unknown) => T;
  /** Told when a torn or foreign file was moved out of the way, and where to. */
  readonly onSetAside: (movedTo: string) => void;
  /** Spaces of indentation: for people; 0 for documents that are written often. */
  readonly indent?: number;
  /** Names the file that is set aside. */
  readonly now: () => number;
};

/** Keeps a document in a JSON file through lowdb. A file that can't be understood is set aside. */
export async function fileStore<T>(options: Options<T>): Promise<DocumentStore<T>> {
  const file = atomicFile(options.path);
  const low = new Low<T | null>(
    {
      read: async () => readDocument(await file.read(), options),
      write: async (document) =>
        file.write(`${JSON.stringify(document, null, options.indent ?? 2)}\n`),
    },
    null,
  );
  try {
    await low.read();
  } catch (error) {
    throw new StoreError(
      `can't read ${options.path} (${reasonOf(error)}). Let this user read it, move it away, or set another DATA_DIR.`,
      { cause: error },
    );
  }

  let writing: Promise<unknown> = Promise.resolve();
  async function writeNext(change: (current: T | undefined) => T): Promise<T> {
    const before = low.data;
    const next = change(before ?? undefined);
    if (next === before) return next;
    low.data = next;
    try {
      await low.write();
      return next;
    } catch (error) {
      low.data = before;
      // Shown by /health, so without the path.
      const name = basename(options.path);
      throw new StoreError(`can't write ${name}: ${reasonOf(error)}`, { cause: error });
    }
  }

  return {
    read: async () => low.data ?? undefined,
    update: (change) => {
      const mine = writing.then(() => writeNext(change));
      writing = mine.catch(() => undefined);
      return mine;
    },
  };
}

async function readDocument<T>(
  text: string | null,
  { path, parse, onSetAside, now }: Options<T>,
): Promise<T | null> {
  if (text === null) return null;
  try {
    return parse(JSON.parse(text));
  } catch {
    const stamp = new Date(now()).toISOString().replaceAll(/[:.]/g, '-');
    const movedTo = `${path}.corrupt-${stamp}`;
    await rename(path, movedTo);
    onSetAside(movedTo);
    return null;
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
