import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { scratchFolder } from '../support/scratch.ts';
import { type Run, runMain, startServer } from '../support/server.ts';

const scratch = scratchFolder();
afterAll(scratch.remove);

/** The exit code and the words of a start that fails. */
async function failed({ child, output }: Run): Promise<{ code: number | null; text: string }> {
  await once(child, 'close');
  return { code: child.exitCode, text: output() };
}

/** A server that makes its own admin secret. */
const withoutSecret = (dataDir: string) => startServer({ ADMIN_SECRET: '', DATA_DIR: dataDir });

describe('a first boot without any setting', () => {
  it('prints address, source of answers, secret and curl lines, and the secret once', async () => {
    const dataDir = scratch.path('first');
    const server = await withoutSecret(dataDir);
    const { port } = new URL(server.url);
    await vi.waitUntil(() => server.output().includes('Who are you?'), { timeout: 10_000 });
    await server.stop();
    const text = server.output();
    const [secret = 'none'] = /(?<=key shows it again\):\n {2})\S+/.exec(text) ?? [];
    expect(secret).toMatch(/^[0-9A-Za-z]{32}$/);
    expect(text).toContain(`listens on http://localhost:${port}`);
    expect(text).toContain('Answers come from: local model lifeboat (no GROQ_API_KEY is set)');
    expect(text).toContain(
      `curl -s http://localhost:${port}/current-key -H 'admin-secret: ${secret}'`,
    );
    expect(text).toContain(`curl -s http://localhost:${port}/chat -H "x-api-key: $KEY"`);
    const jsonLines = text.split('\n').filter((line) => line.startsWith('{'));
    expect(jsonLines.join('\n')).toContain('"msg":"listening"');
    expect(jsonLines.join('\n')).not.toContain(secret);

    const second = await withoutSecret(dataDir);
    const answer = await fetch(`${second.url}/current-key`, {
      headers: { 'admin-secret': secret },
    });
    expect(answer.status).toBe(200);
    await vi.waitUntil(() => second.output().includes('Who are you?'), { timeout: 10_000 });
    await second.stop();
    expect(second.output()).not.toContain(secret);
    expect(second.output()).toContain('npm run cli -- key shows it');
  });

  it('leaves a directory and a file that only their owner may read', async () => {
    const dataDir = scratch.path('modes');
    const server = await withoutSecret(dataDir);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(`${dataDir}/db.json`).mode & 0o777).toBe(0o600);
    await server.stop();
  });
});

describe('settings that cannot work', () => {
  it('are all named in one message, without their values, with exit code 78', async () => {
    const { code, text } = await failed(
      runMain({ PORT: 'S3cr3t', KEY_SEED: 'S3cr3t', LOG_LEVEL: 'S3cr3t', NODE_ENV: 'production' }),
    );
    expect(code).toBe(78);
    for (const name of ['PORT', 'KEY_SEED', 'LOG_LEVEL', 'ADMIN_SECRET']) {
      expect(text).toContain(name);
    }
    expect(text).not.toContain('S3cr3t');
    expect(text).not.toContain('    at ');
  });

  it.each([{ NODE_ENV: 'production' }, { RENDER: 'true' }])(
    'are those of production without ADMIN_SECRET (%o)',
    async (where) => {
      const { code, text } = await failed(runMain(where));
      expect([code, text]).toEqual([78, expect.stringContaining('ADMIN_SECRET is required')]);
    },
  );
});

it('a short admin secret is warned about, and not shown', async () => {
  const server = await startServer({ ADMIN_SECRET: 'fifteen-letters' });
  expect(server.output()).toContain('ADMIN_SECRET is short');
  await server.stop();
  expect(server.output()).not.toContain('fifteen-letters');
});

it('production prints no banner, only JSON lines', async () => {
  const server = await startServer({ NODE_ENV: 'production' });
  await server.stop();
  for (const line of server.output().trim().split('\n')) expect(line).toMatch(/^\{.*\}$/);
});

it('a port that is taken is one readable message', async () => {
  const first = await startServer();
  const { code, text } = await failed(
    runMain({ PORT: new URL(first.url).port, DATA_DIR: scratch.path('port') }),
  );
  await first.stop();
  expect(code).toBe(1);
  expect(text).toContain("keyturn can't start: the port is in use by another program.");
  expect(text).not.toContain('    at ');
});

it('a HOST that this machine has not is one message that names it', async () => {
  const { code, text } = await failed(
    runMain({ HOST: '192.0.2.1', DATA_DIR: scratch.path('host') }),
  );
  expect(code).toBe(1);
  expect(text).toContain("keyturn can't start: HOST is no address of this machine");
  expect(text).not.toContain('    at ');
});

describe('the data directory', () => {
  it('is refused to a second instance, and free at once after a kill -9', async () => {
    const dataDir = scratch.path('shared');
    const first = await startServer({ DATA_DIR: dataDir });
    const key = await first.key();
    const { code, text } = await failed(runMain({ DATA_DIR: dataDir }));
    expect(code).toBe(1);
    expect(text).toContain(`Another keyturn (process ${first.child.pid}) already runs on`);
    expect(text).not.toContain('    at ');
    await first.stop('SIGKILL');
    const next = await startServer({ DATA_DIR: dataDir });
    expect(await next.key()).toBe(key);
    await next.stop();
  });

  it('is refused where another container, which has it mounted as well, runs on it', async () => {
    const dataDir = scratch.path('mounted');
    mkdirSync(dataDir);
    const other = createServer((socket) => socket.end('4711'));
    other.listen({ path: join(dataDir, '.keyturn.lock') });
    await once(other, 'listening');
    const { code, text } = await failed(runMain({ DATA_DIR: dataDir }));
    other.close();
    expect(code).toBe(1);
    expect(text).toContain('Another keyturn (process 4711) already runs on');
  });

  it.each([
    ['torn', '{"version": 1, "key": {"val'],
    ['empty', ''],
    ['foreign', '{"posts": []}'],
    [
      'from the end of time',
      '{"version":1,"past":[],"key":{"value":"sk-x","created_at":0,"expires_at":1e300}}',
    ],
  ])('with a db.json that is %s has it set aside, says so and serves', async (name, kept) => {
    const dataDir = scratch.path(`db ${name}`);
    mkdirSync(dataDir);
    writeFileSync(`${dataDir}/db.json`, kept);
    const server = await startServer({ DATA_DIR: dataDir });
    expect(await server.key()).toMatch(/^sk-/);
    await server.stop();
    const [aside = ''] = readdirSync(dataDir).filter((file) => file.startsWith('db.json.corrupt-'));
    expect(readFileSync(`${dataDir}/${aside}`, 'utf8')).toBe(kept);
    expect(server.output()).toContain('torn or foreign: set aside');
    expect(server.output()).toContain(aside);
  });

  it.runIf(process.platform === 'linux')('that the system denies means memory only', async () => {
    const server = await startServer({ DATA_DIR: '/proc/keyturn' });
    expect(server.output()).toContain('DATA_DIR is not writable');
    await server.stop();
  });

  it('that is a file means memory only, and log and health say so', async () => {
    writeFileSync(scratch.path('a file'), '');
    const server = await startServer({ DATA_DIR: scratch.path('a file') });
    expect(await (await fetch(`${server.url}/health`)).json()).toMatchObject({
      store: { status: 'memory only' },
    });
    expect(await server.key()).toBe(await server.key());
    await server.stop();
    expect(server.output()).toContain('DATA_DIR is not writable');
  });

  it('that fills up keeps the turned key in memory, says so, and keeps it on disk later', async () => {
    const dataDir = scratch.path('full');
    const server = await startServer({ DATA_DIR: dataDir });
    const kept = () => readFileSync(`${dataDir}/db.json`, 'utf8');
    const rotate = async () => {
      const answer = await fetch(`${server.url}/rotate-key`, {
        method: 'POST',
        headers: { 'admin-secret': server.adminSecret },
      });
      return (await answer.json()) as { api_key: string; warning?: string };
    };
    mkdirSync(`${dataDir}/db.json.tmp`);
    const turned = await rotate();
    expect(turned.warning).toContain('could not be kept');
    expect(await server.key()).toBe(turned.api_key);
    expect(kept()).not.toContain(turned.api_key);
    const health = await (await fetch(`${server.url}/health`)).text();
    expect(JSON.parse(health)).toMatchObject({ store: { status: 'failing' } });
    expect(health).not.toContain(dataDir);
    expect(server.output()).toContain('the store fails: the key lives in memory');
    rmdirSync(`${dataDir}/db.json.tmp`);
    const again = await rotate();
    expect(again.warning).toBeUndefined();
    expect(kept()).toContain(again.api_key);
    expect(await (await fetch(`${server.url}/health`)).json()).toMatchObject({
      store: { status: 'ok' },
    });
    await server.stop();
  });
});

describe('a derived key', () => {
  const derived = { KEY_SEED: 'a seed of the tests, long enough' };

  it('is the same on two instances, and after a turn with the KEY_GENERATION that was named', async () => {
    const [one, other] = await Promise.all([startServer(derived), startServer(derived)]);
    expect(await other.key()).toBe(await one.key());
    const answer = await fetch(`${one.url}/rotate-key`, {
      method: 'POST',
      headers: { 'admin-secret': one.adminSecret },
    });
    const { api_key, warning } = (await answer.json()) as { api_key: string; warning: string };
    const [, generation = ''] = /KEY_GENERATION=(\d+)/.exec(warning) ?? [];
    const third = await startServer({ ...derived, KEY_GENERATION: generation });
    expect(await third.key()).toBe(api_key);
    await Promise.all([one.stop(), other.stop(), third.stop()]);
  });
});
