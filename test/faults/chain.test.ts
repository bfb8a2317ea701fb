import { afterAll, beforeEach, expect, test } from 'vitest';
import { chunks, completion, endingOf, errorIn } from '../support/answer.ts';
import { startCloud } from '../support/cloud.ts';

const cloud = await startCloud({
  GROQ_MODEL: 'main',
  GROQ_FALLBACK_MODELS: 'second,main,third',
  RETRY_ATTEMPTS: '1',
});
afterAll(cloud.stop);
const { lab, ask, stream } = cloud;
const hello = { messages: [{ role: 'user', content: 'Hello' }] };

/** Four models of a test's own, so that no breaker is open yet. */
beforeEach(() => lab.reset());

function asked(): (string | undefined)[] {
  return lab.attempts.map(({ model }) => model);
}

test('the asked model comes first, then GROQ_MODEL, then the fallbacks, each once, then local', async () => {
  lab.script('*', ['498']);
  const answer = await ask({ ...hello, model: 'asked' });
  expect(asked()).toEqual(['asked', 'main', 'second', 'third']);
  expect(answer.headers.get('x-served-by')).toBe('local/lifeboat');
  expect(answer.headers.get('x-fallback-trail')).toBe(
    'groq/asked:498, groq/main:498, groq/second:498, groq/third:498, local/lifeboat',
  );
});

test('without a model the chain starts at GROQ_MODEL; the first that answers ends it', async () => {
  lab.script('main', ['498']);
  lab.script('second', ['healthy']);
  const answer = await ask(hello);
  expect(asked()).toEqual(['main', 'second']);
  expect(answer.headers.get('x-fallback-trail')).toBe('groq/main:498, groq/second');
  expect(completion(answer).model).toBe('second');
});

test('models: […] replaces the cloud part, in its order, and never goes upstream', async () => {
  lab.script('*', ['498']);
  lab.script('c', ['healthy']);
  const answer = await stream({ ...hello, model: 'main', models: ['b', 'a', 'b', 'c'] });
  expect(asked()).toEqual(['b', 'a', 'c']);
  expect(endingOf(answer)).toBe('whole');
  expect(answer.headers.get('x-served-by')).toBe('groq/c');
  expect(new Set(chunks(answer).map(({ model }) => model))).toEqual(new Set(['c']));
  for (const { body } of lab.attempts) expect(body).not.toHaveProperty('models');
});

test('a stream that fell over says so in a comment before [DONE]', async () => {
  lab.script('main', ['498']);
  lab.script('second', ['healthy']);
  const answer = await stream(hello);
  expect(answer.text).toMatch(
    /\n\n: x-fallback-trail groq\/main:498, groq\/second\n\ndata: \[DONE\]\n\n$/,
  );
});

test('OpenAI’s names stand for Groq’s models', async () => {
  const answer = await ask({ ...hello, model: 'gpt-4o-mini' });
  expect(asked()).toEqual(['openai/gpt-oss-20b']);
  expect(completion(answer).model).toBe('openai/gpt-oss-20b');
});

test.for(['local/lifeboat', 'lifeboat', 'local'])(
  'the local model is asked by the name %s, and nobody else',
  async (model) => {
    const answer = await ask({ ...hello, model });
    expect(asked()).toEqual([]);
    expect(answer.headers.get('x-served-by')).toBe('local/lifeboat');
    expect(answer.headers.get('x-fallback-trail')).toBeNull();
  },
);

test('x-fallback: off means the asked model and nothing else', async () => {
  lab.script('*', ['498']);
  const answer = await ask({ ...hello, model: 'asked' }, { headers: { 'x-fallback': 'off' } });
  expect(asked()).toEqual(['asked']);
  expect(answer.status).toBe(503);
  expect(answer.headers.get('x-fallback-trail')).toBe('groq/asked:498');
  expect(errorIn(answer)?.type).toBe('server_error');
});

test('x-fallback: off keeps to the first of models: […]', async () => {
  lab.script('*', ['498']);
  await ask({ ...hello, models: ['a', 'b'] }, { headers: { 'x-fallback': 'off' } });
  expect(asked()).toEqual(['a']);
});

test('x-fallback: local-off asks every cloud model, and not the local one', async () => {
  lab.script('*', ['498']);
  const answer = await stream(hello, { headers: { 'x-fallback': 'local-off' } });
  expect(asked()).toEqual(['main', 'second', 'third']);
  expect(answer.status).toBe(503);
  expect(answer.headers.get('x-fallback-trail')).toBe(
    'groq/main:498, groq/second:498, groq/third:498',
  );
});

const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }];
const jsonWithText = {
  type: 'json_schema',
  json_schema: { name: 'note', schema: { properties: { text: { type: 'string' } } } },
};
const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } };

test.for([
  ['tools', { ...hello, tools }],
  ['functions', { ...hello, functions: [{ name: 'look' }] }],
  ['JSON output', { ...hello, response_format: { type: 'json_object' } }],
  ['JSON that has a text in it', { ...hello, response_format: jsonWithText }],
  ['an image', { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }, image] }] }],
] as const)('x-fallback: text-only keeps a request with %s to its model', async ([, body]) => {
  lab.script('*', ['498']);
  const answer = await ask(body, { headers: { 'x-fallback': 'text-only' } });
  expect(answer.status).toBe(503);
  expect(asked()).toEqual(['main']);
});

test('x-fallback: text-only lets plain text fall back', async () => {
  lab.script('*', ['498']);
  const answer = await ask(hello, { headers: { 'x-fallback': 'text-only' } });
  expect(answer.headers.get('x-served-by')).toBe('local/lifeboat');
});

test('a word that x-fallback doesn’t know is refused before anybody is asked', async () => {
  const answer = await ask(hello, { headers: { 'x-fallback': 'maybe' } });
  expect(answer.status).toBe(400);
  expect(errorIn(answer)).toMatchObject({ param: 'x-fallback' });
  expect(asked()).toEqual([]);
});
