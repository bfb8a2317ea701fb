import { afterAll, expect, it } from 'vitest';
import { startServer } from '../../support/server.ts';
import { startUpstream } from '../../support/upstream.ts';

/** A provider behind a proxy that adds a header of its own, each with another wait. */
const upstream = await startUpstream((socket) => {
  const body = '{"error":{"message":"slow down"}}';
  socket.end(
    `HTTP/1.1 429 Too Many Requests\r\nretry-after: 20\r\nretry-after: 90\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
});
const server = await startServer({ GROQ_API_KEY: 'gsk_x', GROQ_BASE_URL: upstream.url });
const key = await server.key();
afterAll(async () => {
  await server.stop();
  upstream.close();
});

it('of two waits that a 429 asks for, the longer one is told', async () => {
  const answer = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json', 'x-fallback': 'off' },
    body: JSON.stringify({ messages: [{ role: 'user', content: 'Hi' }] }),
  });
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(85);
  expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(90);
});
