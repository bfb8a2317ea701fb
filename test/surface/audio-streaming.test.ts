import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { startServer } from '../support/server.ts';

/** A provider that a test drives by hand, piece by piece. */
const provider = createServer();
provider.listen(0, '127.0.0.1');
await once(provider, 'listening');
const { port } = provider.address() as AddressInfo;
const server = await startServer({
  GROQ_API_KEY: 'gsk_by_hand',
  GROQ_BASE_URL: `http://127.0.0.1:${port}/openai/v1`,
  STREAM_IDLE_TIMEOUT_MS: '1500',
});
const key = await server.key();
afterAll(async () => {
  await server.stop();
  provider.closeAllConnections();
  provider.close();
});

/** The next request that reaches the provider, as soon as its head is there. */
async function arrival(): Promise<[IncomingMessage, ServerResponse]> {
  const [incoming, response] = await once(provider, 'request');
  return [incoming, response];
}

function send(path: string, type: string) {
  const headers = { 'x-api-key': key, 'content-type': type };
  const sending = request(server.url + path, { method: 'POST', headers });
  const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
  return { sending, answered };
}

/** What a form with a model begins with. */
const HEAD = '--x\r\ncontent-disposition: form-data; name="model"\r\n\r\nwhisper\r\n--x\r\n';

test('a recording reaches the provider while it is still being sent, and as it was', async () => {
  const type = 'multipart/form-data; boundary=x';
  const { sending, answered } = send('/v1/audio/transcriptions', type);
  sending.write(`${HEAD}the first piece`);
  const [incoming, response] = await arrival();
  expect(incoming.headers['content-type']).toBe(type);
  expect(incoming.headers['authorization']).toBe('Bearer gsk_by_hand');
  expect(incoming.headers).not.toHaveProperty('x-api-key');
  const [first] = await once(incoming, 'data');
  expect(String(first)).toBe(`${HEAD}the first piece`);
  sending.end('the last\r\n--x--\r\n');
  let rest = '';
  for await (const piece of incoming) rest += piece;
  expect(rest).toBe('the last\r\n--x--\r\n');
  response.setHeader('content-type', 'application/json').end('{"text":"words"}');
  const [answer] = await answered;
  expect(answer.statusCode).toBe(200);
  expect(String((await once(answer, 'data'))[0])).toBe('{"text":"words"}');
});

test('speech reaches its caller while it is still being made', async () => {
  const { sending, answered } = send('/v1/audio/speech', 'application/json');
  const body = '{"model":"tts",  "input":"Hello","voice":"a"}';
  sending.end(body);
  const [incoming, response] = await arrival();
  let received = '';
  for await (const piece of incoming) received += piece;
  expect(received).toBe(body);
  response.setHeader('content-type', 'audio/wav').write('the first sounds');
  const [answer] = await answered;
  const heard: string[] = [];
  for await (const piece of answer) {
    heard.push(String(piece));
    if (heard.length === 1) response.end('the last sounds');
  }
  expect(heard).toEqual(['the first sounds', 'the last sounds']);
});

test('a caller who hangs up in mid-upload ends the provider’s request, and is no fault', async () => {
  for (let round = 0; round < 6; round++) {
    const { sending, answered } = send(
      '/v1/audio/transcriptions',
      'multipart/form-data; boundary=x',
    );
    answered.catch(() => {});
    sending.on('error', () => {});
    sending.write(`${HEAD}the first piece`);
    const [incoming] = await arrival();
    const closed = new Promise((resolve) => incoming.once('close', resolve));
    incoming.on('error', () => {});
    incoming.resume();
    sending.destroy();
    await closed;
  }
  const health = await (await fetch(`${server.url}/health`)).json();
  const states = JSON.stringify(health);
  expect(states).not.toContain('"open"');
});

test('a provider that stops taking a recording is not waited for', async () => {
  const type = 'multipart/form-data; boundary=x';
  const { sending, answered } = send('/v1/audio/transcriptions', type);
  sending.write(HEAD);
  for (let sent = 0; sent < 24; sent++) sending.write(Buffer.alloc(1024 * 1024));
  const [incoming] = await arrival();
  incoming.pause();
  const [answer] = await answered;
  expect(answer.statusCode).toBe(504);
  sending.destroy();
});

test('a caller who hangs up while they take nothing is no failure of the server', async () => {
  const headers = { 'x-api-key': key, 'content-type': 'application/json', 'x-request-id': 'deaf' };
  const sending = request(`${server.url}/v1/audio/speech`, { method: 'POST', headers });
  const answered = once(sending, 'response');
  sending.on('error', () => {});
  sending.end('{"model":"tts","input":"Hello","voice":"a"}');
  const [incoming, response] = await arrival();
  incoming.resume();
  response.setHeader('content-type', 'audio/wav');
  // More than fits between here and there; nobody reads it.
  let taken = 0;
  for (let piece = 0; piece < 64; piece++) {
    response.write(Buffer.alloc(1024 * 1024), () => {
      taken += 1;
    });
  }
  await answered;
  let before = -1;
  const isStuck = () => {
    const isStill = taken === before;
    before = taken;
    return isStill;
  };
  await expect.poll(isStuck, { interval: 300 }).toBe(true);
  expect(taken).toBeLessThan(64);
  sending.destroy();
  await once(response, 'close');
  const line = () => /.*"id":"deaf".*"hungUp":true.*/.exec(server.output())?.[0];
  await expect.poll(line).toBeDefined();
  expect(server.output()).not.toMatch(/"level":50.*"id":"deaf"/);
});
