import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyIdOf } from '../../src/keys/key-text.ts';
import { errorOf } from '../support/api-error.ts';
import { startServer, type TestServer } from '../support/server.ts';

const WEEK_IN_SECONDS = 7 * 24 * 60 * 60;

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ TRUST_PROXY: '1' });
});
afterAll(() => server.stop());

function asAdmin(method: string, path: string, headers: Record<string, string> = {}) {
  return fetch(`${server.url}${path}`, {
    method,
    headers: { 'admin-secret': server.adminSecret, ...headers },
  });
}

/** What both routes answer. */
type Issued = {
  api_key: string;
  expiry: string;
  created: string;
  key_id: string;
  seconds_left: number;
};

describe('GET /current-key', () => {
  it('gives the key, its times and its id, and nobody may store the answer', async () => {
    const answer = await asAdmin('GET', '/current-key');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const issued = (await answer.json()) as Issued;
    expect(Object.keys(issued).sort()).toEqual([
      'api_key',
      'created',
      'expiry',
      'key_id',
      'seconds_left',
    ]);
    expect(issued.api_key).toMatch(/^sk-[0-9A-Za-z]{48}$/);
    expect(issued.key_id).toBe(keyIdOf(issued.api_key));
    expect(Date.parse(issued.expiry) - Date.parse(issued.created)).toBe(WEEK_IN_SECONDS * 1000);
    expect(issued.seconds_left).toBeGreaterThan(WEEK_IN_SECONDS - 600);
    expect(issued.seconds_left).toBeLessThanOrEqual(WEEK_IN_SECONDS);
  });

  it('gives the same key twice', async () => {
    expect(await server.key()).toBe(await server.key());
  });

  it('answers HEAD without the key', async () => {
    const answer = await asAdmin('HEAD', '/current-key');
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });
});

describe('POST /rotate-key', () => {
  it('answers as /current-key does, with a new key', async () => {
    const old = await server.key();
    const answer = await asAdmin('POST', '/rotate-key');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const issued = (await answer.json()) as Issued;
    expect(issued.api_key).not.toBe(old);
    expect(issued).toEqual({
      ...((await (await asAdmin('GET', '/current-key')).json()) as Issued),
      seconds_left: issued.seconds_left,
    });
  });
});

describe.each([
  ['GET', '/current-key'],
  ['POST', '/rotate-key'],
])('%s %s', (method, path) => {
  it.each([
    ['no secret', {}],
    ['a wrong secret', { 'admin-secret': 'wrong' }],
    ['an empty secret', { 'admin-secret': '' }],
  ])('refuses %s', async (_what, headers) => {
    const answer = await fetch(`${server.url}${path}`, {
      method,
      headers: { 'x-forwarded-for': '203.0.113.1', ...headers } as Record<string, string>,
    });
    expect(await errorOf(answer)).toMatchObject({
      status: 401,
      type: 'authentication_error',
      code: 'invalid_admin_secret',
    });
  });

  it('refuses the client key in place of the secret', async () => {
    const answer = await asAdmin(method, path, {
      'admin-secret': await server.key(),
      'x-forwarded-for': '203.0.113.2',
    });
    expect(answer.status).toBe(401);
  });
});

it('who guesses the admin secret must wait, even with the right one', async () => {
  const from = { 'x-forwarded-for': '203.0.113.3' };
  const statuses: number[] = [];
  for (let count = 0; count < 11; count++) {
    const { status } = await asAdmin('GET', '/current-key', { ...from, 'admin-secret': 'guess' });
    statuses.push(status);
  }
  expect(statuses).toEqual([...Array(10).fill(401), 429]);
  const right = await asAdmin('GET', '/current-key', from);
  expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await errorOf(right)).toMatchObject({ status: 429, code: 'too_many_failed_attempts' });
  expect((await asAdmin('GET', '/current-key')).status).toBe(200);
});

it('a turn at the end of the period needs nobody', { timeout: 30_000 }, async () => {
  const short = await startServer({ KEY_ROTATION_DAYS: String(1.5 / 24 / 60 / 60) });
  const key = await short.key();
  const ask = () => fetch(`${short.url}/v1/models`, { headers: { 'x-api-key': key } });
  let answer = await ask();
  while (answer.status === 200) {
    const expires = Date.parse(answer.headers.get('x-key-expires') ?? '');
    expect(Date.now()).toBeLessThan(expires + 1_000);
    answer = await ask();
  }
  expect((await errorOf(answer)).code).toBe('expired_api_key');
  expect(await short.key()).not.toBe(key);
  await short.stop();
});

it('a secret over plain http from another machine is warned about once', async () => {
  await asAdmin('GET', '/current-key', { 'x-forwarded-for': '203.0.113.9' });
  await asAdmin('GET', '/current-key', { 'x-forwarded-for': '203.0.113.9' });
  expect(server.output().match(/put TLS in front/g)).toHaveLength(1);
});
