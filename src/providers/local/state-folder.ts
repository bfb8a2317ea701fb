import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'keyturn-states-';

/**
 * Makes a folder for the states of chats, that only this user can read and whose name tells whose it
 * is. What servers left that were killed goes before.
 *
 * @returns undefined where none can be made: chats are evaluated anew, slower, and nothing else
 */
export function stateFolder(parent = tmpdir()): string | undefined {
  try {
    for (const name of readdirSync(parent)) if (isLeft(name)) remove(join(parent, name));
    return mkdtempSync(join(parent, `${PREFIX}${process.pid}-`));
  } catch {
    return undefined;
  }
}

/** Deletes a folder of states; one that belongs to somebody else stays. */
export function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Another user's, or the disk is gone: nobody here needs it.
  }
}

function isLeft(name: string): boolean {
  const pid = /^keyturn-states-(\d+)-/.exec(name)?.[1];
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
