import type { Socket } from 'node:net';
import { afterAll, expect, it, vi } from 'vitest';
import { rawCaller, rawPost } from '../support/raw-http.ts';
import { startServer } from '../support/server.ts';
import { startUpstream } from '../support/upstream.ts';

const gone = JSON.stringify({ error: { message: 'no such model', code: 'model_not_found' } });
const none = JSON.stringify({ object: 'list', data: [] });

function answer(socket: Socket, status: string, body: string): void {
  const head = `content-type: application/json\r\ncontent-length: ${body.length}`;
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n${head}\r\n\r\n${body}`);
}

const lists: Socket[] = [];
const upstream = await startUpstream((socket, request) => {
  if (request.startsWith('GET')) lists.push(socket);
  else answer(socket, '404 Not Found', gone);
});
const server = await startServer({
  GROQ_API_KEY: 'gsk_test_of_healing',
  GROQ_BASE_URL: upstream.url,
  GROQ_FALLBACK_MODELS: '',
  UNKNOWN_MODEL: 'default',
});
afterAll(async () => {
  await server.stop();
  upstream.close();
});

it('nobody is asked any more for a caller who left while a model’s successor was looked for', async () => {
  const key = await server.key();
  const headers = { 'x-api-key': key, 'x-request-id': 'who-left' };
  const body = { prompt: 'hi', models: ['any/one'] };
  const caller = rawCaller(server.url, rawPost('/chat', body, headers));
  await vi.waitUntil(() => lists.length > 0, { timeout: 10_000 });
  caller.destroy();
  await vi.waitUntil(() => server.output().includes('"hungUp":true'), { timeout: 10_000 });
  for (const socket of lists) answer(socket, '200 OK', none);
  await vi.waitUntil(() => server.output().includes('a model is retired or unknown'), {
    timeout: 10_000,
  });

  const report = await fetch(`${server.url}/api/usage`, { headers: { 'x-api-key': key } });
  const { recent } = (await report.json()) as { recent: object[] };
  expect(recent).toMatchObject([{ id: 'who-left', outcome: 'hung_up' }]);
});
