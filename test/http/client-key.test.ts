import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf } from '../support/api-error.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ TRUST_PROXY: '1' });
});
afterAll(() => server.stop());

/** Asks for the models with these headers, as a caller of its own where an address is given. */
function ask(headers: Record<string, string>, address = '203.0.113.1'): Promise<Response> {
  return fetch(`${server.url}/v1/models`, { headers: { 'x-forwarded-for': address, ...headers } });
}

async function rotate(address = '203.0.113.1'): Promise<string> {
  const answer = await fetch(`${server.url}/rotate-key`, {
    method: 'POST',
    headers: { 'admin-secret': server.adminSecret, 'x-forwarded-for': address },
  });
  return ((await answer.json()) as { api_key: string }).api_key;
}

describe('a caller', () => {
  it('gets in with the key in x-api-key and learns when it ends', async () => {
    const answer = await ask({ 'x-api-key': await server.key() });
    expect(answer.status).toBe(200);
    const expires = answer.headers.get('x-key-expires') ?? '';
    expect(new Date(expires).toISOString()).toBe(expires);
    expect(Date.parse(expires)).toBeGreaterThan(Date.now());
  });

  it.each(['Bearer', 'bearer', 'Bearer '])('gets in with the key after "%s"', async (scheme) => {
    const answer = await ask({ authorization: `${scheme} ${await server.key()}` });
    expect(answer.status).toBe(200);
  });

  it('without a key is told where to put one', async () => {
    const error = await errorOf(await ask({}));
    expect(error).toMatchObject({
      status: 401,
      type: 'authentication_error',
      code: 'invalid_api_key',
      param: null,
    });
    expect(error.message).toContain('x-api-key');
  });

  it.each([
    ['x-api-key', 'sk-wrong'],
    ['x-api-key', `sk-${'0'.repeat(8000)}`],
    ['authorization', 'Bearer sk-wrong'],
    ['authorization', 'Bearer'],
    ['authorization', 'Basic c2std3Jvbmc6'],
  ])('with %s: %.20s is refused', async (header, value) => {
    const error = await errorOf(await ask({ [header]: value }));
    expect(error).toMatchObject({ status: 401, code: 'invalid_api_key' });
  });

  it('with the admin secret instead of the key is refused', async () => {
    const error = await errorOf(await ask({ 'x-api-key': server.adminSecret }));
    expect(error).toMatchObject({ status: 401, code: 'invalid_api_key' });
  });

  it('with a key that was turned is told when, and whom to ask', async () => {
    const old = await server.key();
    const before = Date.now();
    await rotate();
    const error = await errorOf(await ask({ 'x-api-key': old }));
    expect(error).toMatchObject({ status: 401, code: 'expired_api_key' });
    const [turnedAt = ''] = /\d{4}-[\d-]+T[\d:.]+Z/.exec(String(error.message)) ?? [];
    expect(Date.parse(turnedAt)).toBeGreaterThanOrEqual(before);
    expect(error.message).toContain('Ask your admin');
  });
});

describe('a caller who guesses', () => {
  async function guess(address: string, times: number): Promise<Response[]> {
    const answers: Response[] = [];
    for (let count = 0; count < times; count++) {
      answers.push(await ask({ 'x-api-key': `sk-guess-${count}` }, address));
    }
    return answers;
  }

  it('is told to wait after ten wrong keys, and a valid key passes all the same', async () => {
    const answers = await guess('203.0.113.2', 12);
    expect(answers.map(({ status }) => status)).toEqual([...Array(10).fill(401), 429, 429]);
    const refused = answers.at(-1) as Response;
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(await errorOf(refused)).toMatchObject({
      type: 'rate_limit_error',
      code: 'too_many_failed_attempts',
    });
    const valid = await ask({ 'x-api-key': await server.key() }, '203.0.113.2');
    expect(valid.status).toBe(200);
  });

  it('does not lock out a caller at another address', async () => {
    await guess('203.0.113.3', 12);
    const [other] = await guess('203.0.113.4', 1);
    expect(other?.status).toBe(401);
  });

  it('gains nothing by naming addresses in front of the one that the proxy saw', async () => {
    for (let count = 0; count < 12; count++) {
      await ask({ 'x-api-key': 'sk-guess' }, `198.51.100.${count}, 203.0.113.5`);
    }
    const answer = await ask({ 'x-api-key': 'sk-guess' }, '198.51.100.99, 203.0.113.5');
    expect(answer.status).toBe(429);
  });
});

it('a program that keeps sending an expired key is not taken for a guesser', async () => {
  const old = await server.key();
  await rotate();
  for (let count = 0; count < 15; count++) {
    const error = await errorOf(await ask({ 'x-api-key': old }, '203.0.113.6'));
    expect(error.code).toBe('expired_api_key');
  }
});

it('a caller who sends no key at all is not taken for a guesser', async () => {
  for (let count = 0; count < 15; count++) await ask({}, '203.0.113.7');
  const error = await errorOf(await ask({ 'x-api-key': 'sk-wrong' }, '203.0.113.7'));
  expect(error.code).toBe('invalid_api_key');
});
