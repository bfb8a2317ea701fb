import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSettings } from '../config/settings.ts';
import { systemClock } from '../core/clock.ts';
import type { KeyState } from '../keys/key-state.ts';
import { parseKeyState } from '../keys/key-state.ts';
import { openKeyRing } from '../keys/open-key-ring.ts';
import { memoryStore } from '../store/memory-store.ts';

/**
 * `keyturn key`: shows the key of this week and the admin secret that are kept on this machine. Only
 * reads, so it may run beside the server.
 */
export async function showKey(): Promise<void> {
  const { dataDir, keys } = readSettings({ ADMIN_SECRET: 'not needed here', ...process.env });
  const kept = await readKept(join(dataDir, 'db.json'));
  if (!kept && !keys.seed) {
    process.stderr.write(`There is no key in ${dataDir} yet. Start the server once: npm start\n`);
    process.exitCode = 1;
    return;
  }
  const store = memoryStore<KeyState>();
  if (kept) await store.update(() => kept);
  const ring = await openKeyRing({ ...keys, store, clock: systemClock });
  const { key, expiresAt } = await ring.current();
  const secret = process.env['ADMIN_SECRET']
    ? '(ADMIN_SECRET)'
    : (kept?.admin_secret ?? '(ADMIN_SECRET)');
  process.stdout.write(
    `key:          ${key}\nvalid until:  ${new Date(expiresAt).toISOString()}\nadmin secret: ${secret}\n`,
  );
}

async function readKept(path: string): Promise<KeyState | undefined> {
  try {
    return parseKeyState(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
