import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';
import { startStrictUpstream } from './strict-upstream.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const MODEL = 'strict/model';
const LIMITS = { rpm: 30, rpd: 1000, tpm: 8000 };

async function start(limits = LIMITS, settings: Record<string, string> = {}) {
  const upstream = await startStrictUpstream({ limits, latencyMs: 60 });
  closers.push(upstream.close);
  const dataDir = await mkdtemp(join(tmpdir(), 'keyturn-limits-'));
  closers.push(() => rm(dataDir, { recursive: true, force: true }));
  const boot = async () => {
    const server = await startServer({
      GROQ_API_KEY: 'gsk_strict',
      GROQ_BASE_URL: upstream.url,
      GROQ_MODEL: MODEL,
      GROQ_FALLBACK_MODELS: MODEL,
      GROQ_LIMITS: `*=${limits.rpm}/${limits.rpd}/${limits.tpm}/-`,
      DATA_DIR: dataDir,
      LOG_LEVEL: 'info',
      ...settings,
    });
    closers.push(() => server.stop('SIGKILL'));
    return server;
  };
  return { upstream, boot, dataDir };
}

async function asker(server: TestServer) {
  const key = await server.key();
  return (more: object = {}, path = '/v1/chat/completions') =>
    fetch(server.url + path, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json', 'x-fallback': 'local-off' },
      body: JSON.stringify({ messages: [{ role: 'user', content: 'Hello there.' }], ...more }),
    });
}

const statuses = (answers: readonly Response[], status: number) =>
  answers.filter((answer) => answer.status === status);

test('two hundred callers at once get exactly the minute’s requests through', async () => {
  const { upstream, boot } = await start();
  const ask = await asker(await boot());
  const answers = await Promise.all(Array.from({ length: 200 }, () => ask({ max_tokens: 50 })));
  expect(upstream.oversteps()).toEqual([]);
  expect(statuses(answers, 200)).toHaveLength(30);
  expect(statuses(answers, 429)).toHaveLength(answers.length - 30 - statuses(answers, 503).length);
  const refused = await ask({ max_tokens: 50 });
  const body = (await refused.json()) as { error: { message: string; code: string } };
  expect(body.error.code).toBe('rate_limit_exceeded');
  expect(body.error.message).toContain('30 requests per minute (RPM)');
  expect(body.error.message).toMatch(/opens in (1m\d|\d+)s, at 20\d\d-/);
  const retryAfter = Number(refused.headers.get('retry-after'));
  expect(retryAfter).toBeGreaterThan(45);
  expect(retryAfter).toBeLessThanOrEqual(66);
  expect(refused.headers.get('x-fallback-trail')).toBe(`groq/${MODEL}:limit`);
  expect(refused.headers.get('x-ratelimit-limit-requests')).toBe('1000');
  expect(Number(refused.headers.get('x-ratelimit-remaining-requests'))).toBeLessThanOrEqual(970);
  expect(refused.headers.get('x-ratelimit-limit-tokens')).toBe('8000');
  expect(refused.headers.get('x-ratelimit-reset-tokens')).toMatch(/^(\d+m)?[\d.]+s$/);
});

test('a server that is killed again and again never oversteps what an earlier one used', async () => {
  const { upstream, boot } = await start();
  let answered = 0;
  for (let life = 0; life < 3; life++) {
    const server = await boot();
    const ask = await asker(server);
    const asked = Array.from({ length: 8 }, () =>
      ask({ max_tokens: 20 }).then(
        (answer) => answer.status,
        () => 0,
      ),
    );
    await Promise.any(asked);
    server.child.kill('SIGKILL');
    answered += (await Promise.all(asked)).filter((status) => status === 200).length;
  }
  const ask = await asker(await boot());
  const rest = await Promise.all(Array.from({ length: 40 }, () => ask({ max_tokens: 20 })));
  expect(upstream.oversteps()).toEqual([]);
  expect(upstream.calls()).toBeLessThanOrEqual(LIMITS.rpm);
  // A killed life leaves claims behind for calls that it may never have made.
  expect(upstream.calls()).toBeGreaterThanOrEqual(LIMITS.rpm / 2);
  expect(answered + statuses(rest, 200).length).toBeLessThanOrEqual(LIMITS.rpm);
}, 40_000);

test('a restart in order loses nothing and forgets nothing', async () => {
  const { upstream, boot, dataDir } = await start();
  const first = await boot();
  const ask = await asker(first);
  await Promise.all(Array.from({ length: 12 }, () => ask({ max_tokens: 20 })));
  await first.stop();
  expect(JSON.parse(await readFile(join(dataDir, 'limits.json'), 'utf8'))).toMatchObject({
    version: 1,
    models: [{ model: MODEL, claimed: { requests: 0, tokens: 0 } }],
  });
  const again = await asker(await boot());
  const rest = await Promise.all(Array.from({ length: 40 }, () => again({ max_tokens: 20 })));
  expect(upstream.oversteps()).toEqual([]);
  expect(statuses(rest, 200)).toHaveLength(18);
});

test('tokens are never overdrawn, and nearly all of them can be used', async () => {
  const limits = { rpm: 10_000, rpd: 100_000, tpm: 8000 };
  const { upstream, boot } = await start(limits);
  const ask = await asker(await boot());
  for (let round = 0; round < 30; round++) {
    const wishes = [{ max_tokens: 700 }, {}, { max_tokens: 100 }, { max_tokens: 50_000 }];
    await Promise.all(wishes.map((wish) => ask(wish)));
  }
  expect(upstream.mostTokens()).toBeLessThanOrEqual(8000);
  expect(upstream.spent()).toBeGreaterThanOrEqual(8000 * 0.9);
});

test('max_tokens that alone would break the minute is lowered, and the answer says so', async () => {
  const { upstream, boot } = await start();
  const ask = await asker(await boot());
  const lowered = await ask({ max_tokens: 50_000 });
  expect(lowered.status).toBe(200);
  const given = Number(lowered.headers.get('x-max-tokens-clamped'));
  expect(given).toBeGreaterThan(7000);
  expect(given).toBeLessThan(8000);
  expect(upstream.mostTokens()).toBeLessThanOrEqual(8000);
  const set = await ask();
  expect(set.headers.get('x-max-tokens-clamped')).toBeNull();
  expect(Number(set.headers.get('x-max-tokens'))).toBeGreaterThan(2000);
});

test('a prompt that is larger than the whole minute is refused for good, not for a while', async () => {
  const { boot } = await start();
  const ask = await asker(await boot());
  const content = 'All work and no play makes Jack a dull boy. '.repeat(2000);
  const answer = await ask({ messages: [{ role: 'user', content }] });
  expect(answer.status).toBe(413);
  expect(answer.headers.get('retry-after')).toBeNull();
});

test('headers tell the tighter of both counts', async () => {
  const { boot } = await start({ rpm: 30, rpd: 40, tpm: 8000 });
  const ask = await asker(await boot());
  const answer = await ask({ max_tokens: 100 });
  expect(answer.headers.get('x-ratelimit-limit-requests')).toBe('40');
  expect(answer.headers.get('x-ratelimit-remaining-requests')).toBe('39');
  expect(Number(answer.headers.get('x-ratelimit-remaining-tokens'))).toBeLessThanOrEqual(7880);
});
