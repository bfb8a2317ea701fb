import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseKeyState } from '../../src/keys/key-state.ts';
import { hashOf } from '../../src/keys/key-text.ts';
import { scratchFolder } from '../support/scratch.ts';

const scratch = scratchFolder();
const program = scratch.path('rotating-child.js');

beforeAll(async () => {
  await build({
    input: fileURLToPath(new URL('../support/rotating-child.ts', import.meta.url)),
    platform: 'node',
    output: { file: program, format: 'esm' },
    logLevel: 'silent',
  });
});
afterAll(scratch.remove);

/** Lets the program turn keys for so long, kills it, and returns what it reported. */
async function killedAfter(ms: number, directory: string) {
  const child = spawn(process.execPath, [program, directory], { stdio: 'pipe' });
  const closed = once(child, 'close');
  let reported = '';
  let complaints = '';
  child.stderr.on('data', (text) => {
    complaints += text;
  });
  const begun = once(child.stdout, 'data');
  child.stdout.on('data', (text) => {
    reported += text;
  });
  await Promise.race([begun, closed]);
  await delay(ms);
  child.kill('SIGKILL');
  await closed;
  const keys = reported.split('\n').filter((line) => line.length === 'sk-'.length + 48);
  return { keys, complaints };
}

/** The keys that the directory knows: the valid one's digest first, then the past ones'. */
async function knownDigests(directory: string): Promise<string[]> {
  const { key, past } = parseKeyState(
    JSON.parse(await readFile(join(directory, 'db.json'), 'utf8')),
  );
  return [hashOf(key?.value ?? '').toString('hex'), ...past.map(({ hash }) => hash)];
}

it.concurrent.each(['first', 'second'])(
  'after fifty kills in the midst of turns the store still holds the old key or the new (%s directory)',
  { timeout: 120_000 },
  async (name) => {
    const directory = scratch.path(name);
    for (let round = 0; round < 50; round++) {
      const { keys, complaints } = await killedAfter(Math.random() * 30, directory);
      expect(complaints).toBe('');
      const last = hashOf(keys.at(-1) ?? 'none').toString('hex');
      expect((await knownDigests(directory)).slice(0, 2)).toContain(last);
    }
  },
);
