import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const built = fileURLToPath(new URL('../../dist/lab.js', import.meta.url));

test.each([
  ['an option that it does not know', ['--sped', '10'], /^Unknown option '--sped'/],
  ['a number that is none', ['--port', 'abc'], /^--port takes a number\./],
])('a lab that is given %s says so, and how it is used', (_what, args, message) => {
  const { status, stderr } = spawnSync(process.execPath, [built, ...args], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
  expect(stderr).toContain('usage: npm run lab');
});
