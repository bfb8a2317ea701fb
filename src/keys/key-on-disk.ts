import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock as clock } from '../core/clock.ts';
import { memoryStore } from '../store/memory-store.ts';
import { emptyKeyState, type KeyState, parseKeyState } from './key-state.ts';
import { openKeyRing } from './open-key-ring.ts';

type Options = {
  readonly dataDir: string;
  readonly keys: Omit<Parameters<typeof openKeyRing>[0], 'store' | 'clock'>;
};

/** What this machine's data directory holds. */
export type KeyOnDisk = {
  readonly dataDir: string;
  readonly key?: { readonly value: string; readonly expiresAt: number } | undefined;
  /** Only where the server made it itself. */
  readonly adminSecret?: string | undefined;
};

/**
 * Reads the key of the week and the admin secret that a server on this machine keeps. Only reads, so
 * it may run beside the server.
 *
 * @throws when the file is there and can't be understood.
 */
export async function readKeyOnDisk({ dataDir, keys }: Options): Promise<KeyOnDisk> {
  const kept = await readKept(join(dataDir, 'db.json'));
  const stored = kept?.key && { value: kept.key.value, expiresAt: kept.key.expires_at };
  const key = keys.seed ? await derived(kept, keys) : stored;
  return { dataDir, key, adminSecret: kept?.admin_secret };
}

/** A derived key is computed, as the server does, but nothing is written. */
async function derived(kept: KeyState | undefined, keys: Options['keys']) {
  const store = memoryStore<KeyState>();
  await store.update(() => kept ?? emptyKeyState);
  const ring = await openKeyRing({ ...keys, store, clock });
  const { key, expiresAt } = await ring.current();
  return { value: key, expiresAt };
}

async function readKept(path: string): Promise<KeyState | undefined> {
  try {
    return parseKeyState(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    // The reason would quote the file, and with it a key.
    throw new Error(`can't read ${path}${code ? ` (${code})` : ': it is torn or foreign'}`);
  }
}
