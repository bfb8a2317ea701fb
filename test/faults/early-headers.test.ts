import { afterAll, expect, test } from 'vitest';
import { chunks, endingOf, streamed } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';

const cloud = await startCloud({
  LOCAL_MODEL: 'none',
  EARLY_HEADERS_MS: '200',
  FIRST_TOKEN_TIMEOUT_MS: '1500',
});
afterAll(cloud.stop);
const { lab, ask, stream, open } = cloud;

const MAIN = 'openai/gpt-oss-120b';

test('a stream that waits long gets its head and a comment ping, then the answer', async () => {
  const sinceMs = performance.now();
  const response = await open({ model: 'lab/silent#early', stream: true });
  const headMs = performance.now() - sinceMs;
  expect(response.status).toBe(200);
  expect(headMs).toBeGreaterThanOrEqual(195);
  expect(headMs).toBeLessThan(1400);
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  expect(response.headers.get('x-served-by')).toBeNull();
  const text = await response.text();
  expect(text.startsWith(': waiting\n\n')).toBe(true);
  expect(text).toContain(`\n\n: served-by groq/${MAIN}\n\ndata: `);
  expect(text).toContain(
    `\n\n: x-fallback-trail groq/lab/silent#early:timeout, groq/${MAIN}\n\ndata: [DONE]\n\n`,
  );
});

test('the answer behind early headers is the whole answer', async () => {
  const answer = await stream({ model: 'lab/silent#whole' });
  expect(endingOf(answer)).toBe('whole');
  expect(streamed(answer)).toBe(lab.expected(PROMPT));
  expect(answer.firstByteMs).toBeLessThan(1400);
});

test('after early headers a failure is an error event, and there is no [DONE]', async () => {
  const answer = await stream({ model: 'lab/silent#error' }, { headers: { 'x-fallback': 'off' } });
  expect(answer.status).toBe(200);
  expect(endingOf(answer)).toBe('error');
  expect(chunks(answer).at(-1)?.error).toMatchObject({ code: 'provider_timeout' });
});

test('a stream that begins in time has no comment', async () => {
  const answer = await stream({ model: 'lab/healthy' });
  expect(answer.text).not.toMatch(/^:/m);
  expect(answer.headers.get('x-served-by')).toBe('groq/lab/healthy');
});

test('a whole answer never gets early headers', async () => {
  const answer = await ask({ model: 'lab/late:ms=500' });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-served-by')).toBe('groq/lab/late:ms=500');
});

test('a hang-up while pings are sent ends the upstream request', async () => {
  const caller = new AbortController();
  const response = await open(
    { model: 'lab/silent#left', stream: true },
    { signal: caller.signal },
  );
  expect(response.status).toBe(200);
  caller.abort();
  const [attempt] = cloud.attempts('lab/silent#left');
  await lab.until(() => attempt?.end !== 'pending');
  expect(attempt?.end).toBe('hung-up');
  expect((attempt?.finishedAtMs ?? 0) - (attempt?.arrivedAtMs ?? 0)).toBeLessThan(1490);
});
