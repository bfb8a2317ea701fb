import { afterAll, expect, it } from 'vitest';
import { startServer } from '../support/server.ts';
import { startUpstream } from '../support/upstream.ts';

let said = '';
const upstream = await startUpstream((socket) => {
  const head = 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\n';
  socket.end(`${head}content-length: ${Buffer.byteLength(said)}\r\n\r\n${said}`);
});
const server = await startServer({
  GROQ_API_KEY: 'gsk_test_of_whole_usage',
  GROQ_BASE_URL: upstream.url,
  GROQ_LIMITS: '*=1000/10000/1000000/10000000',
});
const key = await server.key();
afterAll(async () => {
  await server.stop();
  upstream.close();
});

type Counts = { prompt_tokens: number; completion_tokens: number; estimated?: boolean };

const counted = { prompt_tokens: 73, completion_tokens: 9, total_tokens: 82 };
const choices = [
  { index: 0, message: { role: 'assistant', content: 'Fine, thank you.' }, finish_reason: 'stop' },
];

it.each([
  ['by Groq alone', { x_groq: { id: 'req_1', usage: counted } }, { ...counted, estimated: false }],
  ['by nobody', {}, { completion_tokens: 4, estimated: true }],
  ['by nobody, of a call', { choices: callOf('{"city":"Kiel"}') }, { estimated: true }],
])('usage that is reported %s is the same for the caller and in the ledger', async (...of) => {
  const [, more, expected] = of;
  said = JSON.stringify({ id: 'c', object: 'chat.completion', model: 'm', choices, ...more });
  const headers = { 'x-api-key': key, 'content-type': 'application/json' };
  const body = JSON.stringify({ messages: [{ role: 'user', content: 'How are you?' }] });
  const answer = await fetch(`${server.url}/v1/chat/completions`, {
    ...{ method: 'POST', headers, body },
  });
  const { usage } = (await answer.json()) as { usage: Counts };
  const { estimated = false, prompt_tokens, completion_tokens } = usage;
  expect({ estimated, prompt_tokens, completion_tokens }).toMatchObject(
    Object.fromEntries(Object.entries(expected).filter(([name]) => name !== 'total_tokens')),
  );

  const report = await fetch(`${server.url}/api/usage`, { headers });
  const { recent } = (await report.json()) as { recent: Counts[] };
  expect(recent[0]).toMatchObject({ estimated, prompt_tokens, completion_tokens });
});

function callOf(text: string): object[] {
  const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: text } };
  const message = { role: 'assistant', content: null, tool_calls: [call] };
  return [{ index: 0, message, finish_reason: 'tool_calls' }];
}
