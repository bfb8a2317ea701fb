import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { stateFolder } from '../../../src/providers/local/state-folder.ts';
import { scratchFolder } from '../../support/scratch.ts';

const scratch = scratchFolder();
afterAll(() => scratch.remove());

describe('the folder for the states of chats', () => {
  it('is private, and what a killed server left goes before it is made', () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const left = scratch.path(`keyturn-states-${dead}-abcdef`);
    const living = scratch.path(`keyturn-states-${process.ppid}-abcdef`);
    const foreign = scratch.path('keyturn-test-abcdef');
    for (const folder of [left, living, foreign]) mkdirSync(folder);
    const made = stateFolder(scratch.path('.')) ?? '';
    expect(statSync(made).mode & 0o777).toBe(0o700);
    expect(existsSync(left)).toBe(false);
    expect(existsSync(living) && existsSync(foreign)).toBe(true);
  });

  it.runIf(process.getuid?.() === 0)("leaves another user's alone, whatever its name", () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const folder = scratch.path(`keyturn-states-${dead}-foreign`);
    mkdirSync(folder);
    chownSync(folder, 65_534, 65_534);
    stateFolder(scratch.path('.'));
    expect(existsSync(folder)).toBe(true);
  });

  it('may be impossible, and nothing fails', () => {
    expect(stateFolder(scratch.path('nowhere'))).toBeUndefined();
  });
});
