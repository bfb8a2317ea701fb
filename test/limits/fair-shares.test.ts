import { afterAll, expect, test } from 'vitest';
import { rateLimitsSchema } from '../../src/http/reports/rate-limits-schema.ts';
import { callerShare } from '../../src/limits/caller-share.ts';
import { labAndServers, MODEL } from '../usage/server.ts';

const { lab, boot, stop } = await labAndServers();
afterAll(stop);

test('at most MAX_CONCURRENT calls are open, as many wait, and the rest go elsewhere at once', async () => {
  const { ask, get, server } = await boot({
    MAX_CONCURRENT: '3',
    GROQ_FALLBACK_MODELS: MODEL,
    FIRST_TOKEN_TIMEOUT_MS: '20000',
  });
  lab.script(MODEL, ['stall:tokens=0,ms=2000']);
  const cloudOnly = { 'x-fallback': 'local-off' };
  const asked = Array.from({ length: 10 }, () => ask({ model: MODEL }, cloudOnly));
  const concurrency = async () =>
    rateLimitsSchema.parse(await (await get('/api/rate-limits')).json()).concurrency;
  await expect.poll(concurrency).toEqual({ open: 3, waiting: 3, limit: 3 });
  const answers = await Promise.all(asked);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(6);
  const refused = answers.filter(({ status }) => status === 503);
  expect(refused).toHaveLength(4);
  expect(refused[0]?.headers.get('retry-after')).toBe('1');
  const times = lab.attempts.map(({ arrivedAtMs, finishedAtMs }) => [arrivedAtMs, finishedAtMs]);
  const openAt = (time: number) =>
    times.filter(([from = 0, to = 0]) => from <= time && time < to).length;
  expect(Math.max(...times.map(([from = 0]) => openAt(from)))).toBeLessThanOrEqual(3);
  lab.reset();
  await server.stop();
});

test('a caller that leaves the line gives its place up', async () => {
  const { ask, get, server } = await boot({ MAX_CONCURRENT: '1' });
  lab.script(MODEL, ['stall:tokens=0,ms=400']);
  const first = ask({ model: MODEL });
  await lab.until((attempts) => attempts.length === 1);
  const leaving = new AbortController();
  const second = fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'x-api-key': await server.key(), 'content-type': 'application/json' },
    body: JSON.stringify({ model: MODEL, messages: [{ role: 'user', content: 'Hi' }] }),
    signal: leaving.signal,
  }).catch(() => 'left');
  const waiting = async () =>
    rateLimitsSchema.parse(await (await get('/api/rate-limits')).json()).concurrency.waiting;
  await expect.poll(waiting).toBe(1);
  leaving.abort();
  expect(await second).toBe('left');
  await expect.poll(waiting).toBe(0);
  expect((await first).status).toBe(200);
  expect(lab.attempts).toHaveLength(1);
  lab.reset();
  await server.stop();
});

test('CALLER_RPM gives one address its share and no more', async () => {
  const { ask, get, server } = await boot({ CALLER_RPM: '5' });
  const answers = [];
  for (let count = 0; count < 6; count++) answers.push(await ask());
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
  const body = (await answers[5]?.json()) as { error: { message: string } };
  expect(body.error.message).toContain('share of 5 requests per minute');
  expect(Number(answers[5]?.headers.get('retry-after'))).toBeGreaterThan(50);
  expect((await get('/api/usage')).status).toBe(200);
  await server.stop();
});

test('shares are sliding, and one caller’s don’t touch another’s', () => {
  let now = 0;
  const share = callerShare({ perMinute: 2, now: () => now });
  share.take('a');
  now = 30_000;
  share.take('a');
  expect(() => share.take('a')).toThrow(/share of 2/);
  share.take('b');
  now = 62_001;
  share.take('a');
  expect(() => share.take('a')).toThrow(/share of 2/);
});
