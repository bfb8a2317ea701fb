import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lifeboatPath } from '../support/local-model.ts';
import { scratchFolder } from '../support/scratch.ts';
import { runCli } from './run-cli.ts';

const NAME = `copy-of-a-test-${process.pid}`;
const file = fileURLToPath(new URL(`../../models/${NAME}.gguf`, import.meta.url));
const scratch = scratchFolder();
const shop = createServer((request, response) => {
  const bytes = readFileSync(lifeboatPath);
  response.writeHead(request.url?.includes('missing') ? 404 : 200, {
    'content-length': bytes.length,
  });
  response.end(bytes);
});
let source: string;

beforeAll(async () => {
  shop.listen(0, '127.0.0.1');
  await once(shop, 'listening');
  source = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/${NAME}.gguf`;
});
afterAll(() => {
  shop.close();
  rmSync(file, { force: true });
  scratch.remove();
});

test('a model is pulled, checked, chosen and removed', async () => {
  const pulled = await runCli(['model', 'pull', source], {});
  expect(pulled.stdout).toMatch(new RegExp(`^${NAME}: \\d+ bytes, SHA-256 [0-9a-f]{64}\n`));
  expect(readFileSync(file).equals(readFileSync(lifeboatPath))).toBe(true);
  const again = await runCli(['model', 'pull', source], {});
  expect(again.stdout).toBe(`${NAME} is there already.\n`);

  const listed = await runCli(['model', 'list'], { LOCAL_MODEL: NAME });
  expect(listed.stdout).toMatch(new RegExp(`^${NAME} +in use +\\d`, 'm'));
  expect(listed.stdout).toMatch(/^smollm2-135m +145 +\d+ +yes|no +Apache-2.0 /m);

  const checked = await runCli(['model', 'check', NAME], {});
  expect(checked.stdout).toMatch(/Loaded in \d+\.\d s, \d+ tokens a second, \d+ MB\.\n$/);

  const used = await runCli(['model', 'use', NAME], { NODE_ENV: 'production' });
  expect(used.stdout).toBe(
    `Set LOCAL_MODEL=${NAME} in the server's environment and start it again.\n`,
  );
  const kept = await runCli(['model', 'remove', NAME], { LOCAL_MODEL: NAME });
  expect([kept.code, existsSync(file)]).toEqual([2, true]);
  const removed = await runCli(['model', 'remove', NAME], {});
  expect([removed.code, existsSync(file)]).toEqual([0, false]);
});

test('use writes LOCAL_MODEL into .env and leaves the rest', async () => {
  const env = scratch.path('.env');
  const inScratch = (settings: Record<string, string> = {}) =>
    runCli(['model', 'use', 'lifeboat'], settings, undefined, scratch.path('.'));
  const { stdout } = await inScratch();
  expect(stdout).toBe('.env says LOCAL_MODEL=lifeboat now. Start the server again.\n');
  expect(readFileSync(env, 'utf8')).toBe('LOCAL_MODEL=lifeboat\n');
});

test.each([
  ['nothing to do', []],
  ['an unknown model', ['pull', 'no-such-model']],
  ['a model that is not there', ['use', 'no-such-model']],
  ['the embedded model', ['remove', 'lifeboat']],
  ['a path', ['remove', '../package.json']],
])('%s is one line and exit code 2', async (_name, args) => {
  const { code, stdout, stderr } = await runCli(['model', ...args], {});
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^keyturn: \S.*\n$/);
});

test('a download that is not there is one line', async () => {
  const { code, stderr } = await runCli(['model', 'pull', source.replace(NAME, 'missing')], {});
  expect(code).toBe(1);
  expect(stderr).toMatch(/^keyturn: \S.*\n$/);
  expect(existsSync(file.replace(NAME, 'missing'))).toBe(false);
});
