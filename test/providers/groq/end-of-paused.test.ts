import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, it, vi } from 'vitest';
import { rawCaller, rawPost } from '../../support/raw-http.ts';
import { startServer } from '../../support/server.ts';
import { startUpstream } from '../../support/upstream.ts';

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n';
const choices = [{ index: 0, delta: { content: 'ho '.repeat(1_600) }, finish_reason: null }];
const EVENT = `data: ${JSON.stringify({ id: 'c', choices })}\n\n`;
/** About where reading is paused, on every version of Node. */
const LENGTHS = Array.from({ length: 32 }, (_, index) => index + 10);

/** Each event is to arrive alone: the end has to come right behind the one that makes reading pause. */
const GAP_MS = 20;

let ended = 0;
/** Sends so many events, one by one, and closes the connection. */
async function play(socket: Socket, length: number): Promise<void> {
  socket.write(HEAD);
  for (let sent = 0; sent < length; sent++) {
    socket.write(EVENT);
    await delay(GAP_MS);
  }
  socket.end();
  ended += 1;
}

const upstream = await startUpstream((socket, request) => {
  const length = Number(/"user":"(\d+)"/.exec(request)?.[1] ?? 0);
  if (length > 0) void play(socket, length);
});
const server = await startServer({
  GROQ_API_KEY: 'gsk_test_of_ends',
  GROQ_BASE_URL: upstream.url,
  MAX_CONCURRENT: '100',
});
const key = await server.key();
afterAll(async () => {
  await server.stop();
  upstream.close();
});

function chat(user: string): string {
  const messages = [{ role: 'user', content: 'hi' }];
  const body = { messages, stream: true, user };
  return rawPost('/v1/chat/completions', body, { 'x-api-key': key });
}

/** Two requests in a row: while the first has no answer, nobody reads that of the second. */
async function blocked(length: number): Promise<Socket> {
  const socket = rawCaller(server.url, chat('silent') + chat(String(length)));
  await once(socket, 'connect');
  return socket;
}

it('a provider that closes the connection of a paused answer does the server no harm', async () => {
  const callers = await Promise.all(LENGTHS.map(blocked));
  await vi.waitUntil(() => ended >= LENGTHS.length, { timeout: 10_000 });
  for (const caller of callers) caller.destroy();
  const hungUp = () => server.output().split('"hungUp":true').length - 1;
  await vi.waitUntil(() => hungUp() === 2 * LENGTHS.length, { timeout: 10_000 });
  expect(server.output()).not.toContain('nobody caught');
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
});
