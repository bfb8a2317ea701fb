import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Cloud, PROMPT, startCloud } from '../support/cloud.ts';
import { rawCaller, rawPost } from '../support/raw-http.ts';

const MODEL = 'openai/gpt-oss-120b';
let cloud: Cloud;
let key: string;

beforeAll(async () => {
  cloud = await startCloud({ MAX_CONCURRENT: '2', GROQ_TIMEOUT_MS: '60000' });
  key = await cloud.server.key();
});
afterAll(() => cloud.stop());

function chat(id: string, more: object = {}): string {
  const messages = [{ role: 'user', content: PROMPT }];
  const headers = { 'x-api-key': key, 'x-request-id': id };
  return rawPost('/v1/chat/completions', { model: MODEL, messages, ...more }, headers);
}

/** Sends several requests in one packet. */
function send(...requests: readonly string[]): Socket {
  return rawCaller(cloud.server.url, requests.join(''));
}

async function openCalls(): Promise<number> {
  const text = await (await fetch(`${cloud.server.url}/metrics`)).text();
  return Number(/keyturn_upstream_calls\{state="open"\} (\d+)/.exec(text)?.[1]);
}

function lines(id: string): { hungUp?: boolean }[] {
  const all = cloud.server.output().split('\n');
  return all.filter((line) => line.includes(`"id":"${id}"`)).map((line) => JSON.parse(line));
}

it('requests in one packet are answered in their order, whichever is done first', async () => {
  cloud.lab.script(MODEL, ['slow:gap=2', 'healthy']);
  const head = 'HEAD /health HTTP/1.1\r\nhost: x\r\n\r\n';
  const last = 'GET /nowhere HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
  const socket = send(chat('in-order', { stream: true }), head, chat('next'), last);
  let answers = '';
  socket.setEncoding('utf8').on('data', (text) => {
    answers += text;
  });
  await once(socket, 'close');
  expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(
    [200, 200, 200, 404].map((status) => `HTTP/1.1 ${status}`),
  );
  const [streamed = '', health = '', whole = ''] = answers.split(/(?=HTTP\/1\.1 )/);
  expect(streamed).toContain('data: [DONE]\n\n');
  expect(health).toMatch(/\r\n\r\n$/);
  expect(whole).toContain('"chat.completion"');
});

it.each([
  ['whole', {}],
  ['streamed', { stream: true }],
])('whoever hangs up leaves no %s answer behind that waits for its turn', async (kind, more) => {
  cloud.lab.script(MODEL, ['silent', 'slow:gap=20']);
  const socket = send(chat(`first-${kind}`), chat(`second-${kind}`, more));
  await vi.waitUntil(async () => (await openCalls()) === 2, { timeout: 10_000 });
  socket.destroy();
  await vi.waitUntil(async () => (await openCalls()) === 0, { timeout: 10_000 });
  await vi.waitUntil(() => lines(`second-${kind}`).length > 0, { timeout: 10_000 });
  expect(lines(`first-${kind}`)).toMatchObject([{ hungUp: true }]);
  expect(lines(`second-${kind}`)).toMatchObject([{ hungUp: true }]);
});
