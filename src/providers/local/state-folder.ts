import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
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
  for (const folder of foldersOfTheDead(parent)) removeFolder(folder);
  try {
    return mkdtempSync(join(parent, `${PREFIX}${process.pid}-`));
  } catch {
    return undefined;
  }
}

/** Deletes a folder of states, as far as it can be. */
export function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // The disk is gone: nobody here needs it.
  }
}

function foldersOfTheDead(parent: string): string[] {
  try {
    const names = readdirSync(parent).filter(isOfDead);
    return names.map((name) => join(parent, name)).filter(isOurs);
  } catch {
    // A folder that can be written to can't always be listed.
    return [];
  }
}

function isOfDead(name: string): boolean {
  const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : 0;
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/** In a folder for everybody, another user could make one in which deleting leads elsewhere. */
function isOurs(folder: string): boolean {
  const { uid } = lstatSync(folder);
  return uid === (process.getuid?.() ?? uid);
}
