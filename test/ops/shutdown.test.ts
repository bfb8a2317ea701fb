import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, expect, it, vi } from 'vitest';
import { SLOW, writeGguf } from '../support/gguf-writer.ts';
import { rawCaller, rawHttp, rawPost } from '../support/raw-http.ts';
import { scratchFolder } from '../support/scratch.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { startUpstream, upstreamThatSays } from '../support/upstream.ts';

const scratch = scratchFolder();
const model = scratch.path('slow.gguf');
writeGguf(model, { shape: SLOW });
afterAll(scratch.remove);

/** Longer than any test may take. */
const SHUTDOWN_GRACE_MS = '60000';

/** A stream of the slow model that has begun. */
async function streaming(server: TestServer, tokens: number): Promise<Response> {
  const answer = await fetch(`${server.url}/local-chat`, {
    method: 'POST',
    headers: { 'x-api-key': await server.key(), 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: 'ba', max_tokens: tokens, stream: true }),
  });
  expect(answer.status).toBe(200);
  return answer;
}

it.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends an idle server with exit code 0',
  async (signal) => {
    const server = await startServer({ SHUTDOWN_GRACE_MS });
    await server.key();
    expect(await server.stop(signal)).toBe(0);
    expect(server.output()).toContain('"msg":"bye"');
  },
);

it('SIGTERM lets a stream finish, and nobody new in', async () => {
  const server = await startServer({ SHUTDOWN_GRACE_MS, LOCAL_MODEL: model });
  const answer = await streaming(server, 60);
  const stopped = server.stop();
  await vi.waitUntil(() => server.output().includes('shutting down'), { timeout: 10_000 });
  await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  expect(await answer.text()).toMatch(/"finish_reason":"length"[\s\S]*data: \[DONE\]\n\n$/);
  expect(await stopped).toBe(0);
});

/** How a stream ends that the server can't finish. */
const ENDED_EARLY =
  /event: error\ndata: \{"error":\{"message":"The server shuts down\.[^\n]*"code":"shutting_down"\}\}\n\n$/;

it('a second SIGTERM ends the stream, which says so, still with exit code 0', async () => {
  const server = await startServer({
    SHUTDOWN_GRACE_MS,
    LOCAL_MODEL: model,
    LOCAL_CONTEXT: '4096',
  });
  const answer = await streaming(server, 4000);
  const stopped = server.stop();
  await vi.waitUntil(() => server.output().includes('shutting down'), { timeout: 10_000 });
  server.child.kill('SIGTERM');
  expect(await answer.text()).toMatch(ENDED_EARLY);
  expect(await stopped).toBe(0);
});

it('a stream that outlives the grace says so in its last event', async () => {
  const server = await startServer({
    SHUTDOWN_GRACE_MS: '300',
    LOCAL_MODEL: model,
    LOCAL_CONTEXT: '4096',
  });
  const answer = await streaming(server, 4000);
  const stopped = server.stop();
  expect(await answer.text()).toMatch(ENDED_EARLY);
  expect(await stopped).toBe(0);
  expect(server.output()).toMatch(/"broken":"shutting_down"/);
});

it('whoever still waits after the grace reads why no answer comes', async () => {
  let asked = 0;
  const upstream = await startUpstream(() => {
    asked += 1;
  });
  const [GROQ_BASE_URL, GROQ_API_KEY] = [upstream.url, 'gsk_silent'];
  const server = await startServer({ SHUTDOWN_GRACE_MS: '300', GROQ_BASE_URL, GROQ_API_KEY });
  const headers = { 'x-api-key': await server.key(), 'content-type': 'application/json' };
  const answers = [false, true].map((stream) => {
    const body = JSON.stringify({ prompt: 'hi', stream });
    return fetch(`${server.url}/chat`, { method: 'POST', headers, body });
  });
  await vi.waitUntil(() => asked === 2);
  const stopped = server.stop();
  for (const answer of await Promise.all(answers)) {
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toMatchObject({ error: { code: 'shutting_down' } });
  }
  expect(await stopped).toBe(0);
  upstream.close();
});

it('a caller who does not read the end of a stream does not hold it up', async () => {
  const delta = { role: 'assistant', content: 'ho '.repeat(10_000) };
  const event = `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`;
  const upstream = await upstreamThatSays('text/event-stream', event.repeat(500));
  const [GROQ_BASE_URL, GROQ_API_KEY] = [upstream.url, 'gsk_pouring'];
  const server = await startServer({ SHUTDOWN_GRACE_MS: '300', GROQ_BASE_URL, GROQ_API_KEY });
  const asked = { prompt: 'hi', stream: true };
  const caller = rawCaller(
    server.url,
    rawPost('/chat', asked, { 'x-api-key': await server.key() }),
  );
  await once(caller, 'readable');
  expect(await server.stop()).toBe(0);
  expect(server.output()).toContain('"msg":"bye"');
  caller.destroy();
  upstream.close();
});

it('connections on which nothing happens do not hold it up', async () => {
  const server = await startServer({ SHUTDOWN_GRACE_MS });
  const { hostname, port } = new URL(server.url);
  const silent = connect(Number(port), hostname);
  const kept = rawHttp(server.url, 'GET /health HTTP/1.1\r\nhost: x\r\n\r\n');
  await once(silent, 'connect');
  await server.key();
  expect(await server.stop()).toBe(0);
  expect(await kept).toContain('HTTP/1.1 200 OK');
  silent.destroy();
});

it('a caller who was refused for a huge body and sends it all the same does not hold it up', async () => {
  const server = await startServer({ SHUTDOWN_GRACE_MS });
  const chunks = Array.from({ length: 30 }, () => Buffer.alloc(1024 * 1024, 'x'));
  const answer = await fetch(`${server.url}/chat`, {
    method: 'POST',
    headers: { 'x-api-key': await server.key(), 'content-type': 'application/json' },
    body: Readable.toWeb(Readable.from(chunks)),
    duplex: 'half',
  } as RequestInit);
  expect(answer.status).toBe(413);
  expect(await server.stop()).toBe(0);
});

it('an answer that is read slowly is read to its end', async () => {
  const message = { role: 'assistant', content: 'ho '.repeat(4_000_000) };
  const body = JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }] });
  const upstream = await upstreamThatSays('application/json', body);
  const GROQ_BASE_URL = upstream.url;
  const server = await startServer({ SHUTDOWN_GRACE_MS, GROQ_BASE_URL, GROQ_API_KEY: 'gsk_slow' });
  const asked = rawPost('/chat', { prompt: 'hi' }, { 'x-api-key': await server.key() });
  const caller = rawCaller(server.url, asked);
  await once(caller, 'readable');
  const head = String(caller.read());
  const stopped = server.stop();
  await vi.waitUntil(() => server.output().includes('shutting down'), { timeout: 10_000 });

  let received = head.length - head.indexOf('\r\n\r\n') - 4;
  caller.on('data', (bytes: Buffer) => {
    received += bytes.length;
  });
  await once(caller, 'close');
  expect(received).toBe(Number(/content-length: (\d+)/.exec(head)?.[1]));
  expect(await stopped).toBe(0);
  upstream.close();
});
