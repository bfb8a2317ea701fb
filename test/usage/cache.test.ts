import { afterAll, afterEach, expect, test } from 'vitest';
import { eventually, labAndServers, MODEL } from './server.ts';

const { lab, boot, stop } = await labAndServers();
const { ask, server, usage } = await boot({ CACHE_TTL_S: '60' });
afterAll(stop);
afterEach(() => lab.reset());

let topics = 0;
/** A question that nobody asked before. */
function question(more: object = {}) {
  const content = `Question ${topics++}.`;
  return { temperature: 0, messages: [{ role: 'user', content }], ...more };
}

async function twice(body: object, headers: Record<string, string> = {}) {
  const first = await ask(body, headers);
  const one = await first.text();
  const second = await ask(body, headers);
  const other = await second.text();
  const marks = [first, second].map((answer) => answer.headers.get('x-cache'));
  return { marks, isSame: one === other, second, calls: lab.attempts.length };
}

test.for([
  ['at temperature 0', {}],
  ['with a seed', { temperature: 1, seed: 7 }],
  ['as a stream', { stream: true, stream_options: { include_usage: true } }],
] as const)('an exact repeat %s comes from memory', async ([, more]) => {
  const { marks, isSame, second, calls } = await twice(question(more));
  expect(marks).toEqual(['miss', 'hit']);
  expect(isSame).toBe(true);
  expect(calls).toBe(1);
  expect(second.headers.get('x-served-by')).toBe(`groq/${MODEL}`);
  expect(second.headers.get('x-ratelimit-remaining-tokens')).toBeNull();
});

test.for([
  ['at another temperature', { temperature: 0.5 }, {}],
  [
    'with tools',
    { tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }] },
    {},
  ],
  ['with no-store', {}, { 'cache-control': 'no-store' }],
] as const)('a repeat %s is asked again', async ([, more, headers]) => {
  const { marks, calls } = await twice(question(more), headers);
  expect(marks).toEqual([null, null]);
  expect(calls).toBe(2);
});

test('what is named as a field that doesn’t touch the answer does, within another field', async () => {
  const asking = (type: string) => ({
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'form', schema: { type: 'object', properties: { user: { type } } } },
    },
  });
  const one = question(asking('string'));
  await (await ask({ ...one, user: 'one' })).text();
  const same = await ask({ ...one, user: 'other' });
  await same.text();
  const other = await ask({ ...one, ...asking('number') });
  await other.text();
  expect([same, other].map(({ headers }) => headers.get('x-cache'))).toEqual(['hit', 'miss']);
});

test('a fallback’s answer is never kept', async () => {
  lab.script(MODEL, ['401']);
  const body = question();
  const first = await ask(body);
  await first.text();
  expect(first.headers.get('x-fallback-trail')).not.toBeNull();
  expect((await ask(body)).headers.get('x-cache')).toBe('miss');
});

test('a rescued stream is never kept', async () => {
  lab.script(MODEL, ['cut:tokens=15', 'healthy']);
  const body = question({ stream: true });
  expect(await (await ask(body)).text()).toContain('[DONE]');
  const second = await ask(body);
  await second.text();
  expect(second.headers.get('x-cache')).toBe('miss');
});

test('simultaneous repeats ask once', async () => {
  lab.script(MODEL, ['stall:tokens=0,ms=300']);
  const body = question();
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(body)));
  const texts = await Promise.all(answers.map((answer) => answer.text()));
  expect(new Set(texts).size).toBe(1);
  expect(lab.attempts.length).toBe(1);
  const marks = answers.map((answer) => answer.headers.get('x-cache'));
  expect(marks.filter((mark) => mark === 'miss')).toHaveLength(1);
  expect(marks.filter((mark) => mark === 'hit')).toHaveLength(19);
});

test('a first caller that leaves gives its place to the next', async () => {
  lab.script(MODEL, ['silent-once', 'healthy']);
  const body = JSON.stringify(question());
  const leaving = new AbortController();
  const headers = { 'x-api-key': await server.key(), 'content-type': 'application/json' };
  const send = (signal?: AbortSignal) =>
    fetch(`${server.url}/v1/chat/completions`, {
      ...{ method: 'POST', headers, body },
      ...(signal ? { signal } : {}),
    });
  const first = send(leaving.signal).catch(() => 'left');
  await lab.until((attempts) => attempts.length === 1);
  const second = send();
  leaving.abort();
  expect(await first).toBe('left');
  expect((await second).status).toBe(200);
});

test('a hit is in the ledger as one, and costs nothing', async () => {
  const before = (await usage()).total;
  await twice(question());
  const { total, recent } = await eventually(
    usage,
    ({ total }) => total.requests === before.requests + 2,
  );
  expect(recent.slice(0, 2).map(({ cache }) => cache)).toEqual(['hit', 'miss']);
  expect(recent[0]).toMatchObject({ cost: 0, completion_tokens: 0, outcome: 'ok' });
  expect(total.attempts).toBe(before.attempts + 1);
});

test('a text to be carried on is no question: neither gets the other’s answer', async () => {
  const model = 'local/lifeboat';
  const { messages, temperature } = question();
  const [{ content: prompt = '' } = {}] = messages;
  await (await ask({ model, messages, temperature, max_tokens: 4 })).text();
  const path = '/v1/completions';
  const body = { model, messages: undefined, prompt, temperature, max_tokens: 4 };
  const carriedOn = await ask(body, {}, path);
  expect(carriedOn.status).toBe(200);
  expect(carriedOn.headers.get('x-cache')).toBe('miss');
});

test('when the key turns everything is forgotten', async () => {
  const body = question();
  await twice(body);
  await fetch(`${server.url}/rotate-key`, {
    method: 'POST',
    headers: { 'admin-secret': server.adminSecret },
  });
  const answer = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'x-api-key': await server.key(), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.headers.get('x-cache')).toBe('miss');
});
