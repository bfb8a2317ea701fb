import { once } from 'node:events';
import { afterAll, expect, it } from 'vitest';
import { rawCaller, rawPost } from '../../support/raw-http.ts';
import { startServer } from '../../support/server.ts';
import { startUpstream } from '../../support/upstream.ts';

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n';
/** More than fits between the provider and the caller. */
const COUNT = 6_000;

function event(content: string | undefined, finish_reason: string | null): string {
  const choices = [{ index: 0, delta: content === undefined ? {} : { content }, finish_reason }];
  return `data: ${JSON.stringify({ id: 'c', choices })}\n\n`;
}

const upstream = await startUpstream((socket) => {
  socket.write(HEAD);
  for (let at = 0; at < COUNT; at++) socket.write(event(`#${at}#${'w'.repeat(3_000)}`, null));
  socket.end(`${event(undefined, 'stop')}data: [DONE]\n\n`);
});
const server = await startServer({ GROQ_API_KEY: 'gsk_slow', GROQ_BASE_URL: upstream.url });
const key = await server.key();
afterAll(async () => {
  await server.stop();
  upstream.close();
});

it('a slow reader gets every event, in order', { timeout: 60_000 }, async () => {
  const headers = { connection: 'close', 'x-api-key': key };
  const caller = rawCaller(server.url, rawPost('/chat', { prompt: 'hi', stream: true }, headers));
  let text = '';
  caller.on('data', (bytes) => {
    text += bytes.toString('latin1');
    caller.pause();
    setTimeout(() => caller.resume(), 1);
  });
  await once(caller, 'close');
  const seen = [...text.matchAll(/#(\d+)#/g)].map(([, at]) => Number(at));
  expect(seen).toEqual(Array.from({ length: COUNT }, (_, at) => at));
  expect(text).toContain('data: [DONE]\n\n');
  expect(server.output()).not.toContain('malformed');
});
