import { expect, test } from 'vitest';
import { AttemptError } from '../../src/core/attempt.ts';
import type { ChatRequest } from '../../src/core/chat.ts';
import { formatGoDuration, parseGoDuration } from '../../src/core/go-duration.ts';
import { knownLimits } from '../../src/limits/known-limits.ts';
import { openLimitBook } from '../../src/limits/limit-book.ts';
import { outcomeOf } from '../../src/providers/groq/outcome.ts';
import { fakeClock } from '../support/fake-clock.ts';

const GROQ = 'https://api.groq.com/openai/v1';
const MODEL = 'openai/gpt-oss-120b';
const MINUTE = 60_000;

const request: ChatRequest = {
  id: 'x',
  params: { model: MODEL, messages: [{ role: 'user', content: 'Hi' }], max_tokens: 100 },
  fallback: 'on',
};

/** What Groq says when a day's tokens are used up (reference of its API). */
const TPD_REFUSAL = {
  message:
    'Rate limit reached for model `openai/gpt-oss-120b` in organization `org_1` service tier `on_demand` on tokens per day (TPD): Limit 100000, Used 97050, Requested 3619. Please try again in 9m38.016s.',
  type: 'tokens',
  code: 'rate_limit_exceeded',
};

async function limiterAt(baseUrl: string) {
  const clock = fakeClock(0);
  const book = await openLimitBook({
    clock,
    store: undefined,
    limitsOf: knownLimits('auto', baseUrl),
    onStoreError: () => undefined,
  });
  const windows = () =>
    Object.fromEntries((book.view()[0]?.windows ?? []).map((each) => [each.name, each]));
  return { clock, limiter: book.limiterOf('key'), windows };
}

const headersOf = (requests: [number, number], tokens: [number, number]) => ({
  'x-ratelimit-limit-requests': String(requests[0]),
  'x-ratelimit-remaining-requests': String(requests[1]),
  'x-ratelimit-limit-tokens': String(tokens[0]),
  'x-ratelimit-remaining-tokens': String(tokens[1]),
});

test.for([
  ['2m59.56s', 179_560],
  ['7.66s', 7_660],
  ['120ms', 120],
  ['1h0m3s', 3_603_000],
] as const)('%s is a Go duration', ([text, ms]) => {
  expect(parseGoDuration(text)).toBeCloseTo(ms, 6);
  expect(formatGoDuration(ms)).toBe(text);
});

test.for(['', '6', 's', '6 s', '1d', '-6s'])('%j is none', (text) => {
  expect(parseGoDuration(text)).toBeUndefined();
});

test('the table speaks of Groq alone', () => {
  expect(knownLimits('auto', GROQ)(MODEL).limits).toMatchObject({ rpm: 30, tpd: 200_000 });
  expect(knownLimits('auto', 'http://localhost:4010/v1')(MODEL).limits).toEqual({});
  expect(knownLimits('auto', 'https://groq.com.evil.example/v1')(MODEL).limits).toEqual({});
  expect(knownLimits({ '*': { rpm: 5 } }, GROQ)(MODEL)).toEqual({
    limits: { rpm: 5 },
    source: 'set',
  });
});

test('a day of tokens is learnt from the message of a 429, and waited out as it asks', async () => {
  const { clock, limiter, windows } = await limiterAt('http://localhost/v1');
  const admission = await limiter.admit(request);
  const refusal = outcomeOf({ status: 429, headers: {}, error: TPD_REFUSAL });
  expect(refusal.retryAfterMs).toBe(578_016);
  expect(refusal.answer.message).toContain('tokens per day (TPD)');
  admission.failed(refusal);
  expect(windows()['tpd']).toMatchObject({ limit: 100_000, source: 'provider' });
  clock.advance(578_000);
  expect(() => limiter.admit(request)).toThrow(AttemptError);
  clock.advance(20);
  expect(await limiter.admit(request)).toBeDefined();
});

test('headers that differ from the table mean another plan', async () => {
  const { limiter, windows } = await limiterAt(GROQ);
  const admission = await limiter.admit(request);
  admission.answered(headersOf([500_000, 499_999], [300_000, 299_800]));
  expect(windows()).toMatchObject({
    rpm: { limit: null },
    rpd: { limit: 500_000 },
    tpm: { limit: 300_000 },
    tpd: { limit: null },
  });
});

test('what others use of the same key is seen in the headers, and drains as theirs does', async () => {
  const { clock, limiter, windows } = await limiterAt(GROQ);
  const admission = await limiter.admit(request);
  admission.answered(headersOf([1_000, 400], [8_000, 50]));
  admission.settled({ prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 }, 0);
  expect(windows()).toMatchObject({ rpd: { used: 600 }, tpm: { remaining: 50 } });
  expect(() => limiter.admit(request)).toThrow(/tokens per minute \(TPM\)/);
  clock.advance(MINUTE / 2);
  expect(windows()['tpm']?.remaining).toBeGreaterThan(3_900);
  expect(await limiter.admit(request)).toBeDefined();
});

test('headers of answers that overtake each other are put in their place', async () => {
  const { limiter, windows } = await limiterAt(GROQ);
  const first = await limiter.admit(request);
  const second = await limiter.admit(request);
  second.answered(headersOf([1_000, 998], [8_000, 7_000]));
  first.answered(headersOf([1_000, 999], [8_000, 7_500]));
  expect(windows()['rpd']).toMatchObject({ used: 2 });
});

test('cached prompt tokens don’t count, and a call that never left gives its place back', async () => {
  const { limiter, windows } = await limiterAt(GROQ);
  const cached = await limiter.admit(request);
  cached.answered({});
  const prompt_tokens_details = { cached_tokens: 900 };
  const usage = { prompt_tokens: 1_000, completion_tokens: 10, total_tokens: 1_010 };
  cached.settled({ ...usage, prompt_tokens_details }, 0);
  expect(windows()['tpm']).toMatchObject({ used: 110 });
  (await limiter.admit(request)).unused();
  expect(windows()).toMatchObject({ tpm: { used: 110 }, rpm: { used: 1 } });
});

test('a call that is given back hides none of those after it from a header of one between', async () => {
  const { limiter, windows } = await limiterAt(GROQ);
  const [first, second] = [await limiter.admit(request), await limiter.admit(request)];
  await limiter.admit(request);
  first.unused();
  second.answered(headersOf([1_000, 400], [8_000, 7_000]));
  expect(windows()['rpd']).toMatchObject({ used: 601 });
});
