import { afterAll, expect, onTestFinished, test } from 'vitest';
import { completion, endingOf, errorIn, said, streamed } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';
import { startUpstream } from '../support/upstream.ts';

const cloud = await startCloud({
  LOCAL_MODEL: 'none',
  FIRST_TOKEN_TIMEOUT_MS: '800',
  FAILOVER_BUDGET_MS: '2000',
  GROQ_TIMEOUT_MS: '1000',
});
afterAll(cloud.stop);
const { lab, ask, stream, attempts } = cloud;

const MAIN = 'openai/gpt-oss-120b';

test.for([
  'silent',
  'late:ms=30000',
  'half-headers',
  'headers-only',
  'late-first-token',
  'late-first-token:role=1',
])(
  'a stream that stays silent (%s) is left at the first-token limit, and its model not asked again',
  async (fault) => {
    const model = `lab/${fault}`;
    const answer = await stream({ model });
    expect(endingOf(answer)).toBe('whole');
    expect(streamed(answer)).toBe(lab.expected(PROMPT));
    expect(answer.headers.get('x-fallback-trail')).toBe(`groq/${model}:timeout, groq/${MAIN}`);
    expect(answer.firstByteMs).toBeGreaterThanOrEqual(800);
    expect(answer.firstByteMs).toBeLessThan(800 + 1200);
    expect(attempts(model)).toHaveLength(1);
  },
);

test('the silent attempt is closed when its time is up', async () => {
  await stream({ model: 'lab/silent#closed' });
  await lab.until(() => attempts('lab/silent#closed')[0]?.end === 'hung-up');
  const [silent] = attempts('lab/silent#closed');
  const lastedMs = (silent?.finishedAtMs ?? 0) - (silent?.arrivedAtMs ?? 0);
  expect(lastedMs).toBeLessThan(800 + 1200);
});

test.for(['silent', 'late-first-token'])(
  'a whole answer that does not come (%s) is waited for as long as GROQ_TIMEOUT_MS says',
  async (fault) => {
    const model = `lab/${fault}#whole`;
    const answer = await ask({ model });
    expect(said(answer)).toBe(lab.expected(PROMPT));
    expect(completion(answer).model).toBe(MAIN);
    expect(answer.headers.get('x-fallback-trail')).toBe(`groq/${model}:timeout, groq/${MAIN}`);
    expect(answer.tookMs).toBeGreaterThanOrEqual(1000);
    expect(answer.tookMs).toBeLessThan(1000 + 1200);
    expect(attempts(model)).toHaveLength(1);
  },
);

test('an error whose body never ends is judged by its status, soon', async () => {
  const upstream = await startUpstream((socket) => {
    socket.write('HTTP/1.1 503 Service Unavailable\r\ncontent-length: 100\r\n\r\n{"error":');
  });
  onTestFinished(upstream.close);
  const other = await startCloud({
    ...{ GROQ_BASE_URL: upstream.url, LOCAL_MODEL: 'none' },
    ...{ RETRY_ATTEMPTS: '1', GROQ_TIMEOUT_MS: '10000' },
  });
  onTestFinished(other.stop);
  const answer = await other.ask({}, { headers: { 'x-fallback': 'off' } });
  expect(answer.headers.get('x-fallback-trail')).toBe(`groq/${MAIN}:503`);
  expect(answer.tookMs).toBeLessThan(1000 + 1200);
});

test('a stream that is slow, but not silent, is left alone', async () => {
  const answer = await stream({ model: 'lab/slow:gap=20' });
  expect(endingOf(answer)).toBe('whole');
  expect(answer.headers.get('x-fallback-trail')).toBeNull();
  expect(answer.tookMs).toBeGreaterThan(1000);
});

test('all cloud attempts of a stream together stay within FAILOVER_BUDGET_MS', async () => {
  const models = Array.from({ length: 8 }, (_, index) => `lab/silent#budget-${index}`);
  const answer = await stream({ models }, { headers: { 'x-fallback': 'local-off' } });
  expect(answer.status).toBe(503);
  expect(answer.tookMs).toBeLessThan(2000 + 1200);
  expect(models.map((model) => attempts(model).length)).toEqual([1, 1, 1, 0, 0, 0, 0, 0]);
});

test('a lone silent model that may not be replaced is answered 504 with a retry-after', async () => {
  const answer = await stream({ model: 'lab/silent#alone' }, { headers: { 'x-fallback': 'off' } });
  expect(answer.status).toBe(504);
  expect(errorIn(answer)?.code).toBe('provider_timeout');
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
});
