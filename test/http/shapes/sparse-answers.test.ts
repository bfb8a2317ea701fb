import { afterAll, expect, it } from 'vitest';
import { startServer } from '../../support/server.ts';
import { startUpstream } from '../../support/upstream.ts';

const CALL = '{"id":null,"function":{"name":"look","arguments":null}}';
const MESSAGE = `{"role":"assistant","content":"Aye.","tool_calls":[${CALL}]}`;
const WHOLE = `{"id":7,"created":null,"choices":[{"index":0,"message":${MESSAGE},"finish_reason":"stop"}]}`;
const STREAM =
  'data: {"id":7,"choices":[{"index":0,"delta":{"content":"Aye."}}]}\n\n' +
  'data: {"id":7,"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';

/** A provider that leaves out what it may, and numbers its answers. */
const upstream = await startUpstream((socket, request) => {
  const [type, body] = /"stream": ?true/.test(request)
    ? ['text/event-stream', STREAM]
    : ['application/json', WHOLE];
  const head = `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\nconnection: close\r\n`;
  socket.end(`${head}content-length: ${body.length}\r\n\r\n${body}`);
});
const server = await startServer({ GROQ_API_KEY: 'gsk_sparse', GROQ_BASE_URL: upstream.url });
const key = await server.key();
afterAll(async () => {
  await server.stop();
  upstream.close();
});

const messages = [{ role: 'user', content: 'Ready?' }];

it.each([
  ['/v1/chat/completions', { messages }],
  ['/v1/completions', { prompt: 'Ready?' }],
  ['/v1/messages', { max_tokens: 9, messages }],
])('an answer with little beside its text is told in full: %s', async (path, body) => {
  for (const stream of [false, true]) {
    const answer = await fetch(server.url + path, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json', 'x-fallback': 'off' },
      body: JSON.stringify({ ...body, stream }),
    });
    const text = await answer.text();
    expect(answer.status, text).toBe(200);
    expect(text).toContain('Aye.');
    expect(text).not.toContain('error');
  }
});
