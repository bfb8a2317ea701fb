import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { chunks, endingOf, errorIn } from '../support/answer.ts';
import { startCloud } from '../support/cloud.ts';

const cloud = await startCloud();
afterAll(cloud.stop);
const { lab } = cloud;
beforeEach(() => lab.reset());

const MODEL = 'openai/gpt-oss-20b';
const PROMPT = 'The harbour was';

type Choice = {
  readonly text: string;
  readonly index: number;
  readonly finish_reason: string | null;
  readonly logprobs: { readonly tokens: string[]; readonly text_offset: number[] } | null;
};

async function complete(
  body: object,
  path = '/v1/completions',
  headers: Readonly<Record<string, string>> = {},
) {
  const answer = await cloud.ask({ prompt: PROMPT, ...body }, { path, headers });
  const events = answer.text.startsWith('data:') ? chunks(answer) : [JSON.parse(answer.text)];
  const choices: Choice[] = events.flatMap((event) => event.choices ?? []);
  const textOf = (wanted: number) =>
    choices.filter(({ index }) => index === wanted).map(({ text }) => text);
  return { answer, events, choices, textOf };
}

describe.each(['whole', 'streamed'])('a completion, %s', (kind) => {
  const stream = kind === 'streamed';

  test('is the answer to its prompt as the one turn of a chat', async () => {
    const { events, textOf, answer } = await complete({ model: MODEL, stream });
    expect(events[0]).toMatchObject({ object: 'text_completion', model: MODEL });
    expect(events[0]?.id).toMatch(/^cmpl-/);
    expect(textOf(0).join('')).toBe(lab.expected(PROMPT));
    expect(answer.headers.get('x-served-by')).toBe(`groq/${MODEL}`);
    expect(lab.attempts[0]?.body).toMatchObject({ messages: [{ role: 'user', content: PROMPT }] });
  });

  test('answers several prompts, each under its number', async () => {
    const { choices, textOf } = await complete({ model: MODEL, stream, prompt: ['One', 'Two'] });
    expect(textOf(0).join('')).toBe(lab.expected('One'));
    expect(textOf(1).join('')).toBe(lab.expected('Two'));
    expect(choices.filter(({ finish_reason }) => finish_reason === 'stop')).toHaveLength(2);
  });

  test('is one answer, though another model had to give a part of it, and says who', async () => {
    lab.script('gives-one', ['healthy', stream ? 'cut:tokens=5' : '401']);
    lab.script('gives-other', ['healthy']);
    const models = ['gives-one', 'gives-other'];
    const options = { models, stream, prompt: ['One', 'Two'] };
    const { answer, events, textOf } = await complete(options);
    expect(textOf(1).join('')).toBe(lab.expected('Two'));
    expect(new Set(events.map(({ id }) => id)).size).toBe(1);
    expect(new Set(events.map(({ created }) => created)).size).toBe(1);
    expect(events.at(-1)?.model).toBe('gives-other');
    const trail = 'groq/gives-one:cut, groq/gives-other';
    if (stream) expect(answer.text).toContain(`: x-fallback-trail ${trail}\n\ndata: [DONE]`);
    else expect(answer.headers.get('x-fallback-trail')).toBe(trail.replace('cut', 'auth'));
    expect(answer.headers.get('x-served-by')).toBe(`groq/gives-${stream ? 'one' : 'other'}`);
  });

  test('that fails at its second prompt tells whom the first one took as well', async () => {
    lab.script('fails-first', ['401', '503']);
    lab.script('fails-later', ['healthy', '401']);
    const models = ['fails-first', 'fails-later'];
    const { answer } = await complete({ models, stream, prompt: ['One', 'Two'] }, undefined, {
      'x-fallback': 'local-off',
    });
    const trail = 'groq/fails-first:auth, groq/fails-later:auth';
    if (stream) expect(answer.text).toContain(`: x-fallback-trail ${trail}\n\nevent: error`);
    else expect(answer.headers.get('x-fallback-trail')).toBe(trail);
  });

  test('repeats the prompt in front of its answer with echo', async () => {
    const { textOf } = await complete({ model: MODEL, stream, echo: true, prompt: ['One', 'Two'] });
    expect(textOf(0).join('')).toBe(`One${lab.expected('One')}`);
    expect(textOf(1).join('')).toBe(`Two${lab.expected('Two')}`);
  });

  test('ends at a stop', async () => {
    const stop = lab.expected(PROMPT).split(' ')[3] ?? '';
    const { textOf } = await complete({ model: MODEL, stream, stop });
    expect(textOf(0).join('')).toBe(
      lab.expected(PROMPT).slice(0, lab.expected(PROMPT).indexOf(stop)),
    );
  });

  test('comes from the local model, log probabilities included', async () => {
    const { choices, textOf } = await complete(
      { model: 'local', stream, prompt: 'What is 2+2?', logprobs: 1, echo: true },
      '/completions',
    );
    const text = textOf(0).join('');
    expect(text).toMatch(/^What is 2\+2\?.*4/);
    const tokens = choices.flatMap(({ logprobs }) => logprobs?.tokens ?? []);
    const offsets = choices.flatMap(({ logprobs }) => logprobs?.text_offset ?? []);
    expect(`What is 2+2?${tokens.join('')}`).toBe(text);
    for (const [index, token] of tokens.entries()) {
      expect(text.startsWith(token, offsets[index])).toBe(true);
    }
  });
});

test('a stream ends with one usage event for all prompts, if asked for, and [DONE]', async () => {
  const body = { model: MODEL, stream: true, prompt: ['One', 'Two'] };
  const plain = await complete(body);
  expect(plain.events.every(({ choices }) => choices.length > 0)).toBe(true);
  expect(plain.answer.text.endsWith('data: [DONE]\n\n')).toBe(true);
  const { events } = await complete({ ...body, stream_options: { include_usage: true } });
  const reports = events.filter(({ choices }) => choices.length === 0);
  expect(reports).toEqual([events.at(-1)]);
  const whole = await complete({ ...body, stream: false });
  const { prompt_tokens, completion_tokens } = whole.events[0]?.usage ?? {};
  expect(reports[0]?.usage).toMatchObject({ prompt_tokens, completion_tokens });
});

test('a stream that can’t be finished ends with an error', async () => {
  lab.script('*', ['cut:tokens=4']);
  const body = { model: MODEL, stream: true, prompt: PROMPT };
  const answer = await cloud.ask(body, {
    path: '/v1/completions',
    headers: { 'x-fallback': 'off' },
  });
  expect(endingOf(answer)).toBe('error');
});

test.for<[string, string, object]>([
  ['not_supported', 'suffix', { suffix: ' end' }],
  ['not_supported', 'best_of', { best_of: 3 }],
  ['not_supported', 'messages', { messages: [{ role: 'user', content: 'Hi' }] }],
  ['not_supported', 'tools', { tools: [{ type: 'function', function: { name: 'f' } }] }],
  ['not_supported', 'functions', { functions: [{ name: 'f' }] }],
  ['not_supported', 'prompt', { prompt: [1, 2, 3] }],
  ['invalid_request', 'prompt', { prompt: undefined }],
  ['invalid_request', 'prompt', { prompt: {} }],
  ['invalid_request', 'max_tokens', { max_tokens: 0 }],
])('%s: %s', async ([code, param, body]) => {
  const { answer } = await complete(body);
  expect(answer.status).toBe(400);
  expect(errorIn(answer)).toMatchObject({ code, param });
  expect(lab.attempts).toEqual([]);
});

test('an empty suffix, as editors send it, is none', async () => {
  const { answer } = await complete({ model: MODEL, suffix: '' });
  expect(answer.status).toBe(200);
});
