import { afterAll, expect, test } from 'vitest';
import { endingOf, errorIn, said, streamed } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';

const cloud = await startCloud({
  LOCAL_MODEL: 'none',
  FAILOVER_BUDGET_MS: '3000',
  GROQ_TIMEOUT_MS: '3000',
});
afterAll(cloud.stop);
const { lab, ask, stream, attempts } = cloud;

/** Milliseconds from the end of each attempt to the arrival of the next. */
function gapsOf(model: string): number[] {
  const all = attempts(model);
  return all.slice(1).map((next, index) => next.arrivedAtMs - (all[index]?.lastByteAtMs ?? 0));
}

test.for([
  ['whole', ask],
  ['streamed', stream],
] as const)('a 429 with retry-after is waited out on the same model (%s)', async ([kind, send]) => {
  const model = `lab/429-once:retryAfter=1#${kind}`;
  const answer = await send({ model });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-served-by')).toBe(`groq/${model}`);
  expect(answer.headers.get('x-fallback-trail')).toBeNull();
  expect(kind === 'whole' ? said(answer) : streamed(answer)).toBe(lab.expected(PROMPT));
  expect(attempts(model)).toHaveLength(2);
  expect(gapsOf(model)[0]).toBeGreaterThanOrEqual(1000);
});

test('a retry-after that is a date is never cut short', async () => {
  const model = 'lab/429-date-once:retryAfter=1';
  const answer = await stream({ model });
  expect(endingOf(answer)).toBe('whole');
  const [first, second] = attempts(model);
  const askedFor = Math.ceil(((first?.arrivedAtMs ?? 0) + 1000) / 1000) * 1000;
  // The lab and the server read two clocks.
  expect(second?.arrivedAtMs).toBeGreaterThanOrEqual(askedFor - 5);
});

test.for([
  ['whole', ask],
  ['streamed', stream],
] as const)(
  'a 429 without retry-after is backed off from, three times (%s)',
  async ([kind, send]) => {
    const model = `lab/429-bare#${kind}`;
    const answer = await send({ model });
    expect(answer.headers.get('x-served-by')).toBe('groq/openai/gpt-oss-120b');
    expect(answer.headers.get('x-fallback-trail')).toBe(
      `groq/${model}:429, groq/openai/gpt-oss-120b`,
    );
    expect(attempts(model)).toHaveLength(3);
    expect(answer.tookMs).toBeLessThan(250 + 500 + 2000);
  },
);

test('backoff is jittered, and stays below its bound', async () => {
  const models = Array.from({ length: 8 }, (_, index) => `lab/429-bare#jitter-${index}`);
  await Promise.all(models.map((model) => ask({ model })));
  const first = models.map((model) => gapsOf(model)[0] ?? Number.NaN);
  const second = models.map((model) => gapsOf(model)[1] ?? Number.NaN);
  expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(20);
  expect(Math.max(...first)).toBeLessThan(250 + 400);
  expect(Math.max(...second)).toBeLessThan(500 + 400);
});

test('a retry-after of no time at all makes no tight loop', async () => {
  const models = Array.from({ length: 6 }, (_, index) => `lab/429:retryAfter=0#loop-${index}`);
  await Promise.all(models.map((model) => ask({ model })));
  const gaps = models.flatMap(gapsOf);
  expect(gaps).toHaveLength(12);
  expect(gaps.reduce((sum, gap) => sum + gap, 0)).toBeGreaterThan(500);
});

test('a retry-after on a 503 is waited out as well', async () => {
  const model = 'lab/503-once:retryAfter=1';
  await ask({ model });
  expect(gapsOf(model)[0]).toBeGreaterThanOrEqual(1000);
});

test('a retry-after beyond the budget sends the request on at once', async () => {
  const model = 'lab/429:retryAfter=60#long';
  const answer = await stream({ model });
  expect(answer.headers.get('x-fallback-trail')).toContain(`groq/${model}:429`);
  expect(attempts(model)).toHaveLength(1);
  expect(answer.tookMs).toBeLessThan(1000);
});

test('while a model is out of quota, new requests pass it by', async () => {
  const model = 'lab/429:retryAfter=60#spent';
  await ask({ model });
  const next = await ask({ model });
  expect(next.headers.get('x-fallback-trail')).toBe(`groq/${model}:429, groq/openai/gpt-oss-120b`);
  expect(attempts(model)).toHaveLength(1);
});

test('where every allowed model is out of quota, the caller gets 429 with an honest retry-after', async () => {
  const models = ['lab/429:retryAfter=50#a', 'lab/429:retryAfter=40#b'];
  const answer = await ask({ models }, { headers: { 'x-fallback': 'local-off' } });
  expect(answer.status).toBe(429);
  expect(errorIn(answer)).toMatchObject({ type: 'rate_limit_error', code: 'rate_limit_exceeded' });
  const retryAfter = Number(answer.headers.get('retry-after'));
  expect(retryAfter).toBeGreaterThan(35);
  expect(retryAfter).toBeLessThanOrEqual(40);
  expect(answer.headers.get('x-fallback-trail')).toBe(
    'groq/lab/429:retryAfter=50#a:429, groq/lab/429:retryAfter=40#b:429',
  );
});
