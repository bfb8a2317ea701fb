import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rawCaller, rawPost } from '../support/raw-http.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { startUpstream } from '../support/upstream.ts';

const MODEL = 'openai/gpt-oss-120b';
const messages = [{ role: 'user', content: 'hi' }];
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n';
const WAIT = { timeout: 20_000 };

/** Who is asking, one after the other. */
let caller: Socket;
const choices = [{ index: 0, delta: { content: 'Ho ' }, finish_reason: null }];
const upstream = await startUpstream((socket) => {
  caller.resetAndDestroy();
  socket.write(`${HEAD}data: ${JSON.stringify({ id: 'c', model: MODEL, choices })}\n\n`);
});

let server: TestServer;
let key: string;
beforeAll(async () => {
  server = await startServer({
    GROQ_API_KEY: 'gsk_test_of_rows',
    GROQ_BASE_URL: upstream.url,
    GROQ_LIMITS: '*=100000/100000/100000000/100000000',
  });
  key = await server.key();
});
afterAll(async () => {
  await server.stop();
  upstream.close();
});

/** Asks; the connection breaks just before the answer begins, too late to be noticed before it. */
async function leaveAtOnce(id: string, path: string, fields: object): Promise<void> {
  const headers = { 'x-api-key': key, 'x-request-id': id };
  const body = { ...fields, model: MODEL, stream: true };
  caller = rawCaller(server.url, rawPost(path, body, headers));
  await once(caller, 'close');
}

/** The callers in the ledger. */
async function rows(): Promise<string[]> {
  const report = await fetch(`${server.url}/api/usage`, { headers: { 'x-api-key': key } });
  const { recent } = (await report.json()) as { recent: { id: string }[] };
  return recent.map(({ id }) => id).sort();
}

it.each([
  ['/v1/chat/completions', { messages }],
  ['/v1/messages', { messages, max_tokens: 9 }],
  ['/v1/completions', { prompt: 'hi' }],
])('whoever leaves %s as its answer begins has one row in the ledger', async (path, fields) => {
  const before = await rows();
  const ids = Array.from({ length: 40 }, (_, index) =>
    `caller-${path}-${index}`.replaceAll('/', '.'),
  );
  for (const id of ids) await leaveAtOnce(id, path, fields);
  await expect.poll(rows, WAIT).toEqual([...before, ...ids].sort());
});
