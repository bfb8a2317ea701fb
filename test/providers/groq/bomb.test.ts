import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { startServer } from '../../support/server.ts';
import { startUpstream } from '../../support/upstream.ts';

const MIB = 1024 * 1024;

function answer(bytes: number): Buffer {
  const message = { role: 'assistant', content: 'x'.repeat(bytes) };
  return gzipSync(JSON.stringify({ model: 'm', choices: [{ message, finish_reason: 'stop' }] }));
}

let body = answer(1);
const upstream = await startUpstream((socket) => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n';
  socket.write(`${head}content-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`);
  socket.end(body);
});
const server = await startServer({
  GROQ_API_KEY: 'gsk_bomb',
  GROQ_BASE_URL: upstream.url,
  RETRY_ATTEMPTS: '1',
});
const key = await server.key();
afterAll(async () => {
  await server.stop();
  upstream.close();
});

it.each([
  [1, 200],
  [65 * MIB, 502],
])('an answer that unfolds to %i bytes and more: %i', async (bytes, status) => {
  body = answer(bytes);
  const got = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json', 'x-fallback': 'off' },
    body: '{"messages":[{"role":"user","content":"Hi"}]}',
  });
  await got.text();
  expect(got.status).toBe(status);
});
