import { readSettings } from '../config/settings.ts';
import { type KeyOnDisk, readKeyOnDisk } from '../keys/key-on-disk.ts';

/** The key of the week and the admin secret that a server with these settings keeps on this machine. */
export function readKeyHere(): Promise<KeyOnDisk> {
  return readKeyOnDisk(readSettings({ ...process.env, ADMIN_SECRET: 'not needed here' }));
}
