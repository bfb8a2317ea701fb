import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { SLOW, writeGguf } from '../support/gguf-writer.ts';
import { scratchFolder } from '../support/scratch.ts';
import { startServer, type TestServer } from '../support/server.ts';

const scratch = scratchFolder();
let server: TestServer;
let key: string;

beforeAll(async () => {
  const model = scratch.path('slow.gguf');
  writeGguf(model, { shape: SLOW });
  server = await startServer({ LOCAL_MODEL: model, LOCAL_CONTEXT: '2048', LOCAL_QUEUE: '0' });
  key = await server.key();
  await chat({ prompt: 'ba', max_tokens: 1 });
});
afterAll(async () => {
  await server.stop();
  scratch.remove();
});

function chat(body: object, signal?: AbortSignal) {
  return fetch(`${server.url}/local-chat`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}

/** Takes minutes, if nobody hangs up. */
const endless = { prompt: 'ba', max_tokens: 1500 };

async function statusOfShortOne(): Promise<number> {
  const answer = await chat({ prompt: 'ba', max_tokens: 1 });
  await answer.text();
  return answer.status;
}

it('a caller who hangs up in mid-stream frees the one place', async () => {
  const controller = new AbortController();
  const answer = await chat({ ...endless, stream: true }, controller.signal);
  await answer.body?.getReader().read();
  expect(await statusOfShortOne()).toBe(503);
  controller.abort();
  await vi.waitUntil(async () => (await statusOfShortOne()) === 200, { timeout: 10_000 });
  expect(server.output().match(/"hungUp":true/g)).toHaveLength(1);
});

it('a caller who hangs up while it waits for a whole answer frees the one place', async () => {
  const controller = new AbortController();
  const answer = chat(endless, controller.signal).catch(() => 'gone');
  await vi.waitUntil(async () => (await statusOfShortOne()) === 503, { timeout: 10_000 });
  controller.abort();
  expect(await answer).toBe('gone');
  await vi.waitUntil(async () => (await statusOfShortOne()) === 200, { timeout: 10_000 });
});

it('who finds no place is refused at once, with when to come back', async () => {
  const controller = new AbortController();
  const first = await chat({ ...endless, stream: true }, controller.signal);
  const refused = await chat({ prompt: 'ba' });
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({ error: { code: 'local_queue_full' } });
  controller.abort();
  await expect(first.text()).rejects.toThrow();
});
