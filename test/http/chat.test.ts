import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventSplitter } from '../../src/core/sse.ts';
import { startServer, type TestServer } from '../support/server.ts';

const ROUTES = [
  '/chat',
  '/api/chat',
  '/local-chat',
  '/v1/chat/completions',
  '/chat/completions',
] as const;
const messages = [{ role: 'user', content: 'Who are you?' }];

let server: TestServer;
let key: string;

beforeAll(async () => {
  server = await startServer();
  key = await server.key();
});
afterAll(() => server.stop());

function chat(path: string, body: object, headers: Record<string, string> = {}) {
  return fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

type Completion = {
  object: string;
  model: string;
  choices: { message: { role: string; content: string }; finish_reason: string }[];
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
};

type Chunk = {
  id: string;
  object: string;
  created: number;
  model: string;
  choices: { delta: { content?: string }; finish_reason: string | null }[];
};

/** The `data` of each event of a stream, read to its end. */
async function dataOf(answer: Response): Promise<string[]> {
  return eventSplitter()(Buffer.from(await answer.arrayBuffer())).map(({ data = '' }) => data);
}

it.each(['/chat', '/v1/chat/completions', '/v1/completions', '/v1/responses', '/v1/messages'])(
  '%s takes null for what was not set',
  async (path) => {
    const ask = { '/v1/completions': { prompt: 'Hi' }, '/v1/responses': { input: 'Hi' } }[path];
    const nulls = { model: null, models: null, stream: null, temperature: null };
    const answer = await chat(path, { ...(ask ?? { messages, max_tokens: 9 }), ...nulls });
    expect([answer.status, answer.headers.get('x-served-by')]).toEqual([200, 'local/lifeboat']);
  },
);

it.each([
  { prompt: 'Who are you?', system: null, messages: null, models: null },
  { prompt: null, messages },
])('the short shape takes null for what was not set (%j)', async (body) => {
  expect((await chat('/chat', body)).status).toBe(200);
});

describe.each(ROUTES)('%s without a Groq key', (path) => {
  it('answers whole from the local model', async () => {
    const answer = await chat(path, { messages });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('x-served-by')).toBe('local/lifeboat');
    expect(answer.headers.get('x-fallback-trail')).toBeNull();
    expect(Date.parse(answer.headers.get('x-key-expires') ?? '')).toBeGreaterThan(Date.now());
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
    const { object, model, choices, usage } = (await answer.json()) as Completion;
    expect([object, model]).toEqual(['chat.completion', 'local/lifeboat']);
    expect(choices[0]?.message.role).toBe('assistant');
    expect(choices[0]?.message.content).toMatch(/\w/);
    expect(choices[0]?.finish_reason).toMatch(/^(stop|length)$/);
    expect(usage.total_tokens).toBe(usage.prompt_tokens + usage.completion_tokens);
    expect(usage.completion_tokens).toBeGreaterThan(0);
  });

  it('answers streamed, with one end', async () => {
    const answer = await chat(path, { messages, stream: true });
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(answer.headers.get('x-served-by')).toBe('local/lifeboat');
    expect(answer.headers.get('x-key-expires')).toMatch(/Z$/);
    const data = await dataOf(answer);
    expect(data.filter((each) => each === '[DONE]')).toHaveLength(1);
    expect(data.at(-1)).toBe('[DONE]');
    const chunks = data.slice(0, -1).map((each) => JSON.parse(each) as Chunk);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(new Set(chunks.map(({ created }) => created)).size).toBe(1);
    for (const { object, model } of chunks) {
      expect([object, model]).toEqual(['chat.completion.chunk', 'local/lifeboat']);
    }
    const choices = chunks.flatMap((chunk) => chunk.choices);
    expect(choices.map(({ delta }) => delta.content ?? '').join('')).toMatch(/\w/);
    expect(choices.filter(({ finish_reason }) => finish_reason)).toHaveLength(1);
    expect(choices.at(-1)?.finish_reason).toMatch(/^(stop|length)$/);
  });
});

it('a prompt and the same text as a message get the same answer', async () => {
  const sampling = { temperature: 0, seed: 1 };
  const [prompted, asked] = await Promise.all([
    chat('/chat', { prompt: 'Who are you?', ...sampling }),
    chat('/v1/chat/completions', { messages, ...sampling }),
  ]);
  const contentOf = async (answer: Response) =>
    ((await answer.json()) as Completion).choices[0]?.message.content;
  expect(await contentOf(prompted)).toBe(await contentOf(asked));
});

it('the bearer form of the key is as good', async () => {
  const answer = await chat(
    '/v1/chat/completions',
    { messages, max_tokens: 1 },
    { 'x-api-key': '', authorization: `Bearer ${key}` },
  );
  expect(answer.status).toBe(200);
});

it('max_tokens ends an answer with the reason length', async () => {
  const answer = await chat('/chat', { prompt: 'Who are you?', max_tokens: 2 });
  const { choices, usage } = (await answer.json()) as Completion;
  expect([choices[0]?.finish_reason, usage.completion_tokens]).toEqual(['length', 2]);
});

it.each(['\ud800 half a pair', '\u0000 a null', '🚣 a boat', 'a'.repeat(300)])(
  'a prompt of odd text is answered (%#)',
  async (prompt) => {
    const answer = await chat('/chat', { prompt, max_tokens: 1 });
    expect(answer.status).toBe(200);
  },
);

it('a key that turns does not cut the stream that it began', async () => {
  const answer = await chat('/chat', { prompt: 'Who are you?', stream: true });
  const turned = await fetch(`${server.url}/rotate-key`, {
    method: 'POST',
    headers: { 'admin-secret': server.adminSecret },
  });
  expect((await dataOf(answer)).at(-1)).toBe('[DONE]');
  expect((await chat('/chat', { prompt: 'Hi' })).status).toBe(401);
  key = ((await turned.json()) as { api_key: string }).api_key;
});
