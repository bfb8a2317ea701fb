import { expect, test } from 'vitest';
import { goDuration } from '../../tools/lab/go-duration.ts';
import { startLab } from '../../tools/lab/lab.ts';
import { createLimiter, freePlan } from '../../tools/lab/limits.ts';
import { hear } from './caller.ts';
import { question } from './questions.ts';

const statusOf = (taken: object) => ('status' in taken ? taken.status : 200);

test('durations are written as Go does', () => {
  expect([120, 6000, 7660, 179_560, 3_780_000].map(goDuration)).toEqual([
    ...['120ms', '6s', '7.66s', '2m59.56s', '1h3m0s'],
  ]);
});

test('thirty requests a minute are let through, then one every two seconds', () => {
  let time = 0;
  const limiter = createLimiter(
    () => freePlan,
    () => time,
  );
  const take = () => statusOf(limiter.take('gsk_a', 'm', 10));
  const first = Array.from({ length: 31 }, take);
  expect(first.filter((status) => status === 200)).toHaveLength(30);
  expect(first.at(-1)).toBe(429);
  time = 1990;
  expect(take()).toBe(429);
  time = 2000;
  expect(take()).toBe(200);
  expect(statusOf(limiter.take('gsk_b', 'm', 10))).toBe(200);
});

test('tokens are reserved before and settled after', () => {
  const limiter = createLimiter(
    () => freePlan,
    () => 0,
  );
  const taken = limiter.take('gsk_a', 'm', 6000);
  expect(statusOf(limiter.take('gsk_a', 'm', 6000))).toBe(429);
  if (!('settle' in taken)) throw new Error('the first request was refused');
  taken.settle(1000);
  expect(statusOf(limiter.take('gsk_a', 'm', 6000))).toBe(200);
  expect(limiter.headers('gsk_a', 'm')['x-ratelimit-remaining-tokens']).toBe('1000');
});

test('a day of tokens shows in the message of the 429 alone', () => {
  const limiter = createLimiter(
    () => ({ ...freePlan, tpm: 1e6, tpd: 1000 }),
    () => 0,
  );
  limiter.take('gsk_a', 'm', 900);
  const refused = limiter.take('gsk_a', 'm', 200);
  expect(refused).toMatchObject({ status: 429, error: { type: 'tokens' } });
  expect(JSON.stringify(refused)).toContain('tokens per day (TPD): Limit 1000, Used 900');
});

test('over HTTP: headers count down, 429 with retry-after, 413 for more than a minute has', async () => {
  const model = 'openai/gpt-oss-120b';
  const lab = await startLab({ limits: { rpm: 2, rpd: 1000, tpm: 8000, tpd: 200_000 } });
  const ask = (more = {}) => hear({ url: lab.url, body: question(model, more) });
  const large = await ask({ max_tokens: 8192 });
  expect(large.status).toBe(413);
  expect(large.body.toString()).toContain('"code":"rate_limit_exceeded"');
  const [first, , third] = [await ask(), await ask(), await ask()];
  expect(first?.head).toContain('x-ratelimit-limit-requests: 1000');
  expect(first?.head).toContain('x-ratelimit-remaining-requests: 999');
  expect(first?.head).toMatch(/x-ratelimit-reset-tokens: [\d.]+m?s/);
  expect(third?.status).toBe(429);
  expect(third?.head).toMatch(/retry-after: (29|30)\r\n|retry-after: (29|30)$/);
  expect(third?.body.toString()).toContain('requests per minute (RPM)');
  await lab.close();
});
