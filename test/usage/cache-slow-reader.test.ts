import { once } from 'node:events';
import { afterAll, expect, it } from 'vitest';
import { rawCaller, rawPost } from '../support/raw-http.ts';
import { startServer } from '../support/server.ts';
import { startUpstream } from '../support/upstream.ts';

/** More than fits between the provider and the caller. */
const COUNT = 6_000;

function event(delta: object, finish_reason: string | null): string {
  return `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
}

const upstream = await startUpstream((socket) => {
  socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n');
  for (let at = 0; at < COUNT; at++) socket.write(event({ content: 'w'.repeat(3_000) }, null));
  socket.end(`${event({}, 'stop')}data: [DONE]\n\n`);
});
const server = await startServer({
  GROQ_API_KEY: 'gsk_slow_first',
  GROQ_BASE_URL: upstream.url,
  CACHE_TTL_S: '60',
});
const key = await server.key();
afterAll(async () => {
  await server.stop('SIGKILL');
  upstream.close();
});

it('who asks the same as a caller that doesn’t read is answered all the same', async () => {
  const body = { prompt: 'hi', stream: true, temperature: 0 };
  const first = rawCaller(server.url, rawPost('/chat', body, { 'x-api-key': key }));
  await once(first, 'data');
  first.pause();

  const second = await fetch(`${server.url}/chat`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  expect(await second.text()).toContain('data: [DONE]\n\n');
  first.destroy();
}, 30_000);
