import { afterAll, expect, test } from 'vitest';
import { startCloud } from '../support/cloud.ts';

const cloud = await startCloud({ RETRY_ATTEMPTS: '1', LOCAL_QUEUE: '100' });
afterAll(cloud.stop);

const MODEL = 'openai/gpt-oss-20b';
const called = { name: 'f', arguments: '{}' };
const call = { id: 'c', type: 'function', function: called };

/** A sound body for each route; `{}` stands for many shapes. */
const SOUND: Readonly<Record<string, object>> = {
  '/chat': { prompt: 'Hi', system: 'x', model: MODEL, stop: ['x'], seed: 1, temperature: 1 },
  '/v1/chat/completions': {
    model: MODEL,
    messages: [
      { role: 'user', name: 'x', content: [{ type: 'text', text: 'Hi' }] },
      { role: 'assistant', content: null, tool_calls: [call], reasoning: 'x' },
      { role: 'tool', tool_call_id: 'c', content: 'x' },
    ],
    tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
    tool_choice: 'none',
    response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {} } },
    stream_options: { include_usage: true },
    max_tokens: 5,
    metadata: {},
    logit_bias: {},
    service_tier: 'default',
  },
  '/v1/completions': { model: MODEL, prompt: ['a', 'b'], echo: true, suffix: '', logprobs: 1 },
  '/v1/responses': {
    model: MODEL,
    input: [
      { role: 'user', content: [{ type: 'input_text', text: 'x' }] },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: 'x' },
    ],
    tools: [{ type: 'function', name: 'f', parameters: {} }],
    tool_choice: 'none',
    text: { format: { type: 'text' } },
    reasoning: { effort: 'low' },
    max_output_tokens: 5,
  },
  '/v1/messages': {
    model: MODEL,
    max_tokens: 5,
    system: [{ type: 'text', text: 'x' }],
    messages: [
      { role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'x' } }] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'x' }] },
    ],
    tools: [{ name: 'f', input_schema: {} }],
    tool_choice: { type: 'auto' },
    thinking: { type: 'disabled' },
    output_config: { format: { type: 'json_schema', schema: {} } },
  },
  '/v1/messages/count_tokens': { messages: [{ role: 'user', content: 'x' }], system: 'x' },
  '/v1/embeddings': { model: 'x', input: ['a'], encoding_format: 'float' },
  '/v1/audio/speech': { model: 'playai-tts', input: 'x', voice: 'x' },
};

const JUNK: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e21,
  '',
  'x',
  '\ud800',
  'a\u0000b',
  [],
  {},
  [[]],
  [null],
  { type: 'text' },
  { type: 5 },
  { role: 'user' },
  'x'.repeat(300),
];

test.for(Object.keys(SOUND))('%s: whatever is sent, the answer is never a 500', async (path) => {
  const random = randomFrom(path);
  for (let round = 0; round < 40; round++) {
    const model = random() < 0.5 ? MODEL : 'local/lifeboat';
    const body = mutated({ ...SOUND[path], model, stream: random() < 0.3 }, random);
    const text = JSON.stringify(body) ?? '';
    const answer = await cloud.open(text, { path, headers: { 'x-fallback': 'local-off' } });
    const said = await answer.text();
    expect(answer.status, `${text}\n${said}`).toBeLessThan(500);
    expect(said, text).not.toContain('internal_error');
    if (answer.status < 400) continue;
    const { error } = JSON.parse(said);
    expect(error, text).toMatchObject({ message: expect.any(String), type: expect.any(String) });
    const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
    const isOurs = ['invalid_request', 'not_supported'].includes(error.code);
    if (isObject && isOurs) expect(error.param, text).toEqual(expect.any(String));
  }
});

/** Numbers from 0 to 1 that are the same in every run (a linear congruential generator). */
function randomFrom(word: string): () => number {
  let state = Buffer.from(word).reduce((sum, byte) => (sum * 31 + byte) >>> 0, 7);
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The value with one or two places of it spoilt. */
function mutated(value: unknown, random: () => number): unknown {
  const once = spoilt(value, random);
  return random() < 0.4 ? spoilt(once, random) : once;
}

function spoilt(value: unknown, random: () => number): unknown {
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  if (typeof value !== 'object' || value === null || random() < 0.05) return pick(JUNK);
  const entries = Object.entries(value);
  const [chosen] = pick(entries) ?? [];
  const goesDeeper = random() < 0.6;
  const changed = entries.flatMap(([key, each]): [string, unknown][] => {
    if (key !== chosen) return [[key, each]];
    const isNested = typeof each === 'object' && each !== null;
    if (goesDeeper && isNested) return [[key, spoilt(each, random)]];
    return random() < 0.3 ? [] : [[key, pick(JUNK)]];
  });
  return Array.isArray(value) ? changed.map(([, each]) => each) : Object.fromEntries(changed);
}
