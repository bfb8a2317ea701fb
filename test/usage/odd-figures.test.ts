import { readdir } from 'node:fs/promises';
import { afterAll, expect, it } from 'vitest';
import { scratchFolder } from '../support/scratch.ts';
import { startServer } from '../support/server.ts';
import { startUpstream } from '../support/upstream.ts';

const ODD_HEADERS = [
  'x-ratelimit-limit-requests: Infinity',
  'x-ratelimit-remaining-requests: 1e999',
  'x-ratelimit-limit-tokens: 1e999',
  'x-ratelimit-remaining-tokens: 5',
];
const HUGE = '9'.repeat(400);
const ANSWER =
  '{"id":"1","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Aye."},"finish_reason":"stop"}],' +
  '"usage":{"prompt_tokens":7,"completion_tokens":1,"total_tokens":8,"prompt_tokens_details":{"cached_tokens":1e999}}}';
const REFUSAL = JSON.stringify({
  error: {
    message: `on tokens per day (TPD): Limit ${HUGE}, Used 1, Requested ${HUGE}. Wait.`,
    type: 'tokens',
    code: 'rate_limit_exceeded',
  },
});

const scratch = scratchFolder();
let asked = 0;
const upstream = await startUpstream((socket) => {
  asked += 1;
  const [status, body] = asked === 1 ? ['200 OK', ANSWER] : ['429 Too Many', REFUSAL];
  const head = [
    `HTTP/1.1 ${status}`,
    'content-type: application/json',
    'connection: close',
    `content-length: ${body.length}`,
    'retry-after: 1e999',
    ...ODD_HEADERS,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
});
afterAll(() => {
  upstream.close();
  scratch.remove();
});

it('figures that no provider means are no loss of what is kept', async () => {
  const directory = scratch.path('data');
  const settings = {
    DATA_DIR: directory,
    GROQ_API_KEY: 'gsk_test_of_odd_figures',
    GROQ_BASE_URL: upstream.url,
  };
  const server = await startServer(settings);
  const key = await server.key();
  const ask = () =>
    fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json', 'x-fallback': 'off' },
      body: '{"messages":[{"role":"user","content":"Ready?"}]}',
    });
  expect((await ask()).status).toBe(200);
  const refused = await ask();
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(24 * 60 * 60);
  await server.stop();

  const next = await startServer(settings);
  const usage = await fetch(`${next.url}/api/usage`, {
    headers: { 'x-api-key': await next.key() },
  });
  const { total } = (await usage.json()) as { total: object };
  await next.stop();
  expect(total).toMatchObject({ requests: 2, prompt_tokens: 7, cached_tokens: 7 });
  const files = await readdir(directory);
  expect(files.filter((name) => name.includes('corrupt'))).toEqual([]);
});
