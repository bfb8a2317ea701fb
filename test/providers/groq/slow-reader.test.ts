import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, expect, it } from 'vitest';
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
  const { hostname, port } = new URL(server.url);
  const caller = connect(Number(port), hostname);
  const body = '{"prompt":"hi","stream":true}';
  const head = `host: x\r\nconnection: close\r\nx-api-key: ${key}\r\ncontent-type: application/json`;
  caller.write(`POST /chat HTTP/1.1\r\n${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
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
