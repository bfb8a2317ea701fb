import { afterAll, expect, it } from 'vitest';
import { startServer } from '../../support/server.ts';
import { startUpstream } from '../../support/upstream.ts';

const SECRET = 'gsk_that_a_proxy_says_aloud';

/** A provider, or a proxy before it, that says in its error what it was sent. */
const upstream = await startUpstream((socket, request) => {
  const sent = /^authorization: (.*)$/im.exec(request)?.[1]?.trim();
  const body = JSON.stringify({
    error: { message: `Bad header: ${sent}`, type: sent, code: sent },
  });
  socket.end(
    `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
});
const server = await startServer({ GROQ_API_KEY: SECRET, GROQ_BASE_URL: upstream.url });
const key = await server.key();
afterAll(async () => {
  await server.stop();
  upstream.close();
});

it.each([
  ['/v1/chat/completions', { messages: [{ role: 'user', content: 'Hi' }] }],
  ['/v1/chat/completions', { messages: [{ role: 'user', content: 'Hi' }], stream: true }],
  ['/v1/responses', { input: 'Hi' }],
  ['/v1/messages', { max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] }],
  ['/v1/audio/speech', { model: 'tts', input: 'Hi', voice: 'v' }],
])('a refusal that holds the key reaches nobody with it: %s', async (path, body) => {
  const answer = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json', 'x-fallback': 'off' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  expect(answer.status).toBe(400);
  expect(text).toContain('Bad header');
  expect(text).not.toContain(SECRET);
});

it('a model list that holds the key instead is told of by its status', async () => {
  const text = `${SECRET} is no key of ours`;
  const head = `content-type: text/plain\r\ncontent-length: ${text.length}\r\nconnection: close`;
  const odd = await startUpstream((socket) =>
    socket.end(`HTTP/1.1 403 Forbidden\r\n${head}\r\n\r\n${text}`),
  );
  const other = await startServer({ GROQ_API_KEY: SECRET, GROQ_BASE_URL: odd.url });
  const headers = { 'x-api-key': await other.key() };
  const list = await fetch(`${other.url}/v1/models`, { headers });
  expect(list.status).toBe(200);
  await other.stop();
  odd.close();
  expect(other.output()).toContain("the provider's model list can't be read");
  expect(other.output()).toContain('"reason":"HTTP 403"');
  expect(other.output()).not.toContain(SECRET.slice(0, 8));
});
