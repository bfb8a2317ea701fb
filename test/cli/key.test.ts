import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { scratchFolder } from '../support/scratch.ts';
import { startServer } from '../support/server.ts';

const scratch = scratchFolder();
afterAll(scratch.remove);

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

function key(settings: Record<string, string>, cwd = scratch.path('.')) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'key'], {
    cwd,
    env: { PATH: process.env['PATH'], ...settings },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

it('the key command shows key and admin secret of the server beside it', async () => {
  const DATA_DIR = scratch.path('data');
  const server = await startServer({ DATA_DIR, ADMIN_SECRET: '' });
  const { status, stdout } = key({ DATA_DIR });
  const [, secret = ''] = /admin secret: (\S+)/.exec(stdout) ?? [];
  const answer = await fetch(`${server.url}/current-key`, { headers: { 'admin-secret': secret } });
  const { api_key, expiry } = (await answer.json()) as { api_key: string; expiry: string };
  expect(status).toBe(0);
  expect(stdout).toContain(`key:          ${api_key}\nvalid until:  ${expiry}\n`);
  await server.stop();
});

it('the key command reads .env as the server does', async () => {
  const home = scratch.path('home');
  mkdirSync(home);
  writeFileSync(`${home}/.env`, 'KEY_SEED=a seed of the tests, long enough\nDATA_DIR=./none\n');
  const server = await startServer({ KEY_SEED: 'a seed of the tests, long enough' });
  expect(key({}, home).stdout).toContain(await server.key());
  await server.stop();
});

it('an expired key is shown as expired, and no other one is made up', () => {
  const DATA_DIR = scratch.path('expired');
  mkdirSync(DATA_DIR);
  const kept = { value: 'sk-of-last-week', created_at: 0, expires_at: 1000 };
  writeFileSync(`${DATA_DIR}/db.json`, JSON.stringify({ version: 1, past: [], key: kept }));
  expect(key({ DATA_DIR }).stdout).toMatch(/sk-of-last-week\n.*1970.*\(expired: /);
});

it('without a key there is a hint, and a torn file is not quoted', () => {
  const none = key({ DATA_DIR: scratch.path('nothing here') });
  expect([none.status, none.stdout]).toEqual([1, '']);
  expect(none.stderr).toContain('Start the server once: npm start');
  const DATA_DIR = scratch.path('torn');
  mkdirSync(DATA_DIR);
  writeFileSync(`${DATA_DIR}/db.json`, '{"key": sk-secret');
  const torn = key({ DATA_DIR });
  expect(torn.status).toBe(1);
  expect(torn.stderr).toContain('it is torn or foreign');
  expect(torn.stderr).not.toContain('sk-secret');
});
