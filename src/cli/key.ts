import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSettings, type Settings } from '../config/settings.ts';
import { systemClock as clock } from '../core/clock.ts';
import { emptyKeyState, type KeyState, parseKeyState } from '../keys/key-state.ts';
import { openKeyRing } from '../keys/open-key-ring.ts';
import { memoryStore } from '../store/memory-store.ts';

/**
 * `keyturn key`: shows the key of this week and the admin secret that are kept on this machine. Only
 * reads, so it may run beside the server.
 */
export async function showKey(): Promise<void> {
  const { dataDir, keys } = readSettings({ ...process.env, ADMIN_SECRET: 'not needed here' });
  const kept = await readKept(join(dataDir, 'db.json'));
  const key = keys.seed ? await derived(kept, keys) : kept?.key;
  if (!key) {
    process.stderr.write(`There is no key in ${dataDir} yet. Start the server once: npm start\n`);
    process.exitCode = 1;
    return;
  }
  const until = new Date(key.expires_at).toISOString();
  const isOver = key.expires_at <= clock.now();
  const secret = process.env['ADMIN_SECRET'] ? undefined : kept?.admin_secret;
  process.stdout.write(
    `key:          ${key.value}\n` +
      `valid until:  ${until}${isOver ? ' (expired: the server makes a new one when it runs)' : ''}\n` +
      `admin secret: ${secret ?? '(ADMIN_SECRET)'}\n`,
  );
}

/** A derived key is computed, as the server does, but nothing is written. */
async function derived(kept: KeyState | undefined, keys: Settings['keys']) {
  const store = memoryStore<KeyState>();
  await store.update(() => kept ?? emptyKeyState);
  const ring = await openKeyRing({ ...keys, store, clock });
  const { key, expiresAt } = await ring.current();
  return { value: key, expires_at: expiresAt };
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
