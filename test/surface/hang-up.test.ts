import { afterAll, expect, test } from 'vitest';
import { startCloud } from '../support/cloud.ts';

const cloud = await startCloud({ EARLY_HEADERS_MS: '60', FIRST_TOKEN_TIMEOUT_MS: '5000' });
afterAll(cloud.stop);
const { lab, open, ask } = cloud;

const chat = { messages: [{ role: 'user', content: 'Hi' }] };

test.for<[string, object]>([
  ['/v1/completions', { prompt: 'Hi' }],
  ['/v1/responses', { input: 'Hi', prompt: undefined }],
  ['/v1/messages', { ...chat, max_tokens: 5_000 }],
])('a caller of %s who hangs up ends the upstream request', async ([path, body]) => {
  const model = `lab/slow:gap=20,answerTokens=5000#${path}`;
  const leaving = new AbortController();
  const answer = await open({ ...body, model, stream: true }, { path, signal: leaving.signal });
  for await (const _ of answer.body ?? []) break;
  leaving.abort();
  await lab.until((attempts) =>
    attempts.some((attempt) => attempt.model === model && attempt.end === 'hung-up'),
  );
});

test.for<[string, object, RegExp, string]>([
  ['/v1/completions', { prompt: 'Hi' }, /^: waiting\n\n/, 'data: [DONE]\n\n'],
  ['/v1/responses', { input: 'Hi', prompt: undefined }, /^: waiting\n\n/, '}\n\n'],
  [
    '/v1/messages',
    { ...chat, max_tokens: 500 },
    /^event: ping\ndata: {"type":"ping"}\n\n/,
    'data: {"type":"message_stop"}\n\n',
  ],
])('a stream of %s that waits long sends a ping, then its answer', async (row) => {
  const [path, body, ping, end] = row;
  const model = `lab/late:ms=300#${path}`;
  const answer = await ask({ ...body, model, stream: true }, { path });
  expect(answer.status).toBe(200);
  expect(answer.text).toMatch(ping);
  expect(answer.text.endsWith(end)).toBe(true);
  expect(answer.text.length).toBeGreaterThan(500);
  expect(answer.firstByteMs).toBeLessThan(answer.tookMs);
});

test.for<[string, object, RegExp]>([
  [
    '/v1/responses',
    { input: 'Hi', prompt: undefined },
    /event: response\.created\n.*event: response\.in_progress\n.*event: response\.failed\n[^\n]*\n\n$/s,
  ],
  ['/v1/messages', { ...chat, max_tokens: 500 }, /event: error\n[^\n]*"type":"error"[^\n]*\n\n$/],
])('a stream of %s that fails after its head says so in its own words', async (row) => {
  const [path, body, end] = row;
  const failing = { ...body, model: `failing${path}`, stream: true };
  lab.script(failing.model, [{ fault: 'half-headers', ms: 300 }]);
  const answer = await ask(failing, { path, headers: { 'x-fallback': 'off' } });
  expect(answer.status).toBe(200);
  expect(answer.text).toMatch(end);
});
