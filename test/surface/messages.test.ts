import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Answer } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';
import { type NamedEvent, namedEvents, namesOf } from '../support/named-events.ts';

const cloud = await startCloud({ RETRY_ATTEMPTS: '1' });
afterAll(cloud.stop);
const { lab, server } = cloud;
beforeEach(() => lab.reset());

const MODEL = 'openai/gpt-oss-20b';
const weather = {
  name: 'weather',
  description: 'Tells the weather.',
  input_schema: { type: 'object', properties: { city: { type: 'string' } } },
};

function send(body: object, options: object = {}): Promise<Answer> {
  return cloud.ask(
    { model: MODEL, max_tokens: 500, messages: [{ role: 'user', content: PROMPT }], ...body },
    { path: '/v1/messages', ...options },
  );
}

function sent() {
  return lab.attempts.at(-1)?.body as Record<string, unknown>;
}

describe('a message', () => {
  test('is answered whole', async () => {
    const answer = await send({ system: [{ type: 'text', text: 'Be kind.' }], top_k: 5 });
    const message = JSON.parse(answer.text);
    expect(message).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: MODEL,
      content: [{ type: 'text', text: lab.expected(PROMPT) }],
      stop_reason: 'end_turn',
      stop_sequence: null,
    });
    expect(message.id).toMatch(/^msg_/);
    expect(message.usage.input_tokens).toBeGreaterThan(3);
    expect(message.usage.output_tokens).toBeGreaterThan(30);
    expect(sent()).toEqual({
      model: MODEL,
      max_completion_tokens: 500,
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: PROMPT },
      ],
    });
    expect(answer.headers.get('request-id')).toBe(answer.headers.get('x-request-id'));
  });

  test('is answered as a stream, from message_start to message_stop', async () => {
    const answer = await send({ stream: true });
    const events = namedEvents(answer);
    expect(namesOf(events)).toEqual([
      'message_start',
      'ping',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(textOf(events)).toBe(lab.expected(PROMPT));
    expect(events[0]?.data).toMatchObject({ message: { model: MODEL, content: [] } });
    const end = events.at(-2)?.data;
    expect(end).toMatchObject({ delta: { stop_reason: 'end_turn', stop_sequence: null } });
    expect(end?.['usage']).toEqual(JSON.parse((await send({})).text).usage);
    expect(answer.text).not.toContain('[DONE]');
  });

  test('says which of its fields were left out', async () => {
    const answer = await send({ top_k: 5, seed: 7, 'bad\nname': 1, container: null, stream: true });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-ignored-fields')).toBe('top_k, seed');
    expect((await send({})).headers.get('x-ignored-fields')).toBeNull();
  });

  test('may bring its own chain of models', async () => {
    const message = JSON.parse((await send({ models: ['lab/503', 'lab/healthy#own'] })).text);
    expect(message.model).toBe('lab/healthy#own');
    expect(sent()).not.toHaveProperty('models');
  });

  test('brings a document with its title, and turns in which nothing was said', async () => {
    const source = { type: 'text', media_type: 'text/plain', data: 'It rains.' };
    await send({
      messages: [
        {
          role: 'user',
          content: [{ type: 'document', title: 'Log', context: 'Of 1912.', source }],
        },
        { role: 'assistant', content: [{ type: 'thinking', thinking: 'Hm.', signature: '' }] },
        { role: 'user', content: 'So?' },
      ],
    });
    expect(sent()['messages']).toEqual([
      { role: 'user', content: 'Log\nOf 1912.\nIt rains.' },
      { role: 'assistant', content: '' },
      { role: 'user', content: 'So?' },
    ]);
  });

  test('that ran out of room says so', async () => {
    const message = JSON.parse((await send({ max_tokens: 12 })).text);
    expect(message.stop_reason).toBe('max_tokens');
    expect(sent()['max_completion_tokens']).toBe(12);
  });

  test('shows its thinking to those who asked for it', async () => {
    const thinking = { type: 'enabled', budget_tokens: 1024 };
    const message = JSON.parse((await send({ thinking })).text);
    expect(message.content.map(({ type }: { type: string }) => type)).toEqual(['thinking', 'text']);
    const events = namedEvents(await send({ thinking, stream: true }));
    const deltas = events.flatMap(({ data }) => (data['delta'] as { type?: string })?.type ?? []);
    expect(new Set(deltas)).toEqual(new Set(['thinking_delta', 'text_delta']));
  });

  test('comes from the local model when Groq fails, in the same shape', async () => {
    lab.script('*', ['503']);
    const hello = { messages: [{ role: 'user', content: 'Hello' }] };
    const whole = await send(hello);
    expect(whole.headers.get('x-served-by')).toBe('local/lifeboat');
    expect(JSON.parse(whole.text)).toMatchObject({ type: 'message', model: 'local/lifeboat' });
    const events = namedEvents(await send({ ...hello, stream: true }));
    expect(textOf(events)).toBe(JSON.parse(whole.text).content[0].text);
    expect(events.at(-1)?.name).toBe('message_stop');
  });

  test('is answered under Anthropic’s model names', async () => {
    for (const [name, model] of [
      ['claude-sonnet-4-5', 'openai/gpt-oss-120b'],
      ['claude-haiku-4-5-20251001', MODEL],
    ]) {
      expect(JSON.parse((await send({ model: name })).text).model).toBe(model);
    }
  });

  test('that breaks off is carried on, and its stream says who helped', async () => {
    lab.script(MODEL, ['cut:tokens=12']);
    const answer = await send({ stream: true });
    const events = namedEvents(answer);
    expect(textOf(events)).toBe(lab.expected(PROMPT));
    expect(events.filter(({ name }) => name === 'message_stop')).toHaveLength(1);
    expect(answer.text).toMatch(/: x-fallback-trail groq\/openai\/gpt-oss-20b:cut, .*\n\n$/);
  });

  test('that breaks off and can’t be carried on ends with an error event', async () => {
    lab.script('*', ['cut:tokens=4']);
    const answer = await send({ stream: true }, { headers: { 'x-fallback': 'off' } });
    const events = namedEvents(answer);
    expect(events.at(-1)?.data).toMatchObject({ type: 'error', error: { type: 'api_error' } });
    expect(events.map(({ name }) => name)).not.toContain('message_stop');
  });
});

describe('errors are in Anthropic’s shape, with param and code beside', () => {
  type Wrong = [what: string, param: string, body: object];
  test.for<Wrong>([
    ['no max_tokens', 'max_tokens', { max_tokens: undefined }],
    ['no messages', 'messages', { messages: undefined }],
    ['a role of its own', 'messages.0.role', { messages: [{ role: 'bot', content: '' }] }],
    ['an unknown block', 'messages.0.content.0.type', userBlock({ type: 'video' })],
    ['a text without text', 'messages.0.content.0.text', userBlock({ type: 'text' })],
    ['an image without source', 'messages.0.content.0.source', userBlock({ type: 'image' })],
    ['a tool that runs elsewhere', 'tools.0.type', { tools: [{ ...weather, type: 'bash_1' }] }],
    ['servers of tools', 'mcp_servers', { mcp_servers: [{ name: 'x' }] }],
    [
      'a choice of no tool',
      'tool_choice.name',
      { tools: [weather], tool_choice: { type: 'tool' } },
    ],
    ['a tool wanted where there is none', 'tool_choice', { tool_choice: { type: 'any' } }],
    ['a turn without a word', 'messages.0.content', { messages: [{ role: 'user', content: [] }] }],
    ['too hot', 'temperature', { temperature: 1.5 }],
  ])('%s', async ([, param, body]) => {
    const answer = await send(body);
    expect(answer.status).toBe(400);
    const { type, error, ...rest } = JSON.parse(answer.text);
    expect({ type, rest }).toEqual({ type: 'error', rest: {} });
    expect(error).toMatchObject({ type: 'invalid_request_error', param });
    expect(Object.keys(error).sort()).toEqual(['code', 'message', 'param', 'type']);
    expect(lab.attempts).toEqual([]);
  });

  test.for<[number, string, RequestInit & { path: string }]>([
    [401, 'authentication_error', { path: '/v1/messages', method: 'POST', headers: {} }],
    [404, 'not_found_error', { path: '/v1/messages/batches', method: 'POST' }],
    [405, 'invalid_request_error', { path: '/v1/messages' }],
    [415, 'invalid_request_error', { path: '/v1/messages', method: 'POST', body: 'x' }],
    [413, 'request_too_large', { path: '/v1/messages', ...json(' '.repeat(5_000_000)) }],
    [400, 'invalid_request_error', { path: '/v1/messages/count_tokens', ...json('{') }],
  ])('%i is %s', async ([status, type, { path, ...init }]) => {
    const headers = { 'x-api-key': await server.key(), ...init.headers };
    const answer = await fetch(server.url + path, {
      ...init,
      headers: status === 401 ? {} : headers,
    });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ type: 'error', error: { type } });
  });

  test('what Groq refuses is passed on', async () => {
    lab.script(MODEL, ['policy']);
    const answer = await send({});
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error', code: 'content_policy_violation' },
    });
  });

  test('nobody there is overloaded', async () => {
    lab.script('*', ['503']);
    const answer = await send({}, { headers: { 'x-fallback': 'local-off' } });
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.text)).toMatchObject({ error: { type: 'overloaded_error' } });
  });
});

test('tokens are counted here, as an estimate', async () => {
  const count = async (body: object) => {
    const answer = await send(body, { path: '/v1/messages/count_tokens' });
    expect(answer.headers.get('x-token-count')).toBe('estimate');
    return JSON.parse(answer.text).input_tokens;
  };
  const short = await count({ max_tokens: undefined });
  expect(short).toBeGreaterThan(5);
  expect(short).toBeLessThan(20);
  expect(await count({ system: 'Be kind. '.repeat(40) })).toBeGreaterThan(short + 80);
  expect(await count({ tools: [weather] })).toBeGreaterThan(short + 15);
  expect(lab.attempts).toEqual([]);
});

function userBlock(block: object) {
  return { messages: [{ role: 'user', content: [block] }] };
}

function json(body: string): RequestInit {
  return { method: 'POST', body, headers: { 'content-type': 'application/json' } };
}

function textOf(events: readonly NamedEvent[]): string {
  return events.map(({ data }) => (data['delta'] as { text?: string })?.text ?? '').join('');
}
