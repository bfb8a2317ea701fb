import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { chunks, completion, errorIn, said, streamed } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';

const cloud = await startCloud();
afterAll(cloud.stop);
const { lab, ask, stream, open } = cloud;
beforeEach(() => lab.reset());

const MODEL = 'openai/gpt-oss-20b';
const weather = {
  type: 'function',
  function: {
    name: 'weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } } },
  },
};

function sent(): Record<string, unknown> {
  const attempt = lab.attempts.at(-1);
  return JSON.parse(attempt?.rawBody.toString() ?? '{}');
}

describe('fields that Groq refuses', () => {
  test('are left out where they cannot change the answer', async () => {
    const answer = await ask({
      model: MODEL,
      store: true,
      metadata: { project: 'x' },
      logprobs: false,
      seed: 7,
      stop: null,
      messages: [
        { role: 'user', content: PROMPT, name: 'Ann' },
        { role: 'assistant', content: 'Yes?', reasoning: 'They ask.', refusal: null, name: 'Bot' },
        { role: 'user', content: 'Go on.' },
      ],
    });
    expect(answer.status).toBe(200);
    expect(sent()).toEqual({
      model: MODEL,
      seed: 7,
      messages: [
        { role: 'user', content: PROMPT },
        { role: 'assistant', content: 'Yes?' },
        { role: 'user', content: 'Go on.' },
      ],
    });
  });

  test.for<[string, unknown]>([
    ['logprobs', true],
    ['top_logprobs', 3],
    ['logit_bias', { 50: -100 }],
    ['n', 2],
    ['no_such_field', 1],
  ])('otherwise Groq’s refusal is passed on: %s', async ([field, value]) => {
    const answer = await ask({ model: MODEL, [field]: value });
    expect(answer.status).toBe(400);
    expect(errorIn(answer)).toMatchObject({ type: 'invalid_request_error', param: field });
    expect(lab.attempts).toHaveLength(1);
  });
});

test('fields of Groq’s own, and images, go on as they came', async () => {
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } };
  const body = JSON.stringify({
    model: MODEL,
    reasoning_effort: 'low',
    service_tier: 'flex',
    user: 'u1',
    disable_tool_validation: true,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }, image] }],
  }).replace(',', ' ,  ');
  const answer = await open(body);
  expect(answer.status).toBe(200);
  expect(lab.attempts.at(-1)?.rawBody.toString()).toBe(body);
  expect(await answer.json()).toHaveProperty('x_groq.id');
});

describe('tools', () => {
  test('are called in a stream, and their results answered in the next turn', async () => {
    const messages = [{ role: 'user', content: 'What says weather?' }];
    const asked = await stream({ model: MODEL, messages, tools: [weather] });
    const calls = chunks(asked).flatMap(({ choices }) => toolCallsOf(choices[0]?.delta));
    const text = calls.map((call) => call.function?.arguments ?? '').join('');
    expect(calls[0]).toMatchObject({ index: 0, function: { name: 'weather' } });
    expect(JSON.parse(text)).toHaveProperty('city');
    expect(calls.length).toBeGreaterThan(2);

    const called = { name: 'weather', arguments: text };
    const call = { index: 0, id: calls[0]?.id, type: 'function', function: called };
    const answer = await ask({
      model: MODEL,
      tools: [weather],
      messages: [
        ...messages,
        { role: 'assistant', content: null, refusal: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: calls[0]?.id, content: 'Rain.' },
      ],
    });
    expect(answer.status).toBe(200);
    expect(said(answer)).toBe(lab.expected(messages));
  });

  test('json_schema gives JSON, whole and streamed', async () => {
    const schema = { type: 'object', properties: { size: { type: 'integer' } } };
    const format = { type: 'json_schema', json_schema: { name: 'answer', schema } };
    const body = { model: MODEL, response_format: format };
    expect(JSON.parse(said(await ask(body)) ?? '')).toEqual({ size: 42 });
    expect(JSON.parse(streamed(await stream(body)))).toEqual({ size: 42 });
  });
});

describe('usage in a stream', () => {
  const counted = { stream_options: { include_usage: true } };

  test.for(['healthy', 'usage-double', 'usage-x-groq', 'usage-never', 'empty-choices'])(
    '%s: one event with it for those who ask, none for the others',
    async (fault) => {
      lab.script(MODEL, [fault]);
      const asked = await stream({ model: MODEL, ...counted });
      const reports = chunks(asked).filter(({ choices }) => choices.length === 0);
      expect(reports).toHaveLength(1);
      expect(chunks(asked).at(-1)?.choices).toEqual([]);
      const [report] = reports;
      expect(report?.usage?.total_tokens).toBe(
        (report?.usage?.prompt_tokens ?? 0) + (report?.usage?.completion_tokens ?? 0),
      );
      expect(report?.usage?.completion_tokens).toBeGreaterThan(30);
      expect('estimated' in (report?.usage ?? {})).toBe(fault === 'usage-never');
      const other = await stream({ model: MODEL });
      expect(chunks(other).filter(({ choices }) => choices.length === 0)).toEqual([]);
      expect(streamed(other)).toBe(lab.expected(PROMPT));
    },
  );

  test('a stream that was carried on reports once as well', async () => {
    lab.script(MODEL, ['cut:tokens=12']);
    const asked = await stream({ model: MODEL, ...counted });
    expect(streamed(asked)).toBe(lab.expected(PROMPT));
    const reports = chunks(asked).filter(({ choices }) => choices.length === 0);
    expect(reports).toHaveLength(1);
    expect(reports[0]?.usage?.completion_tokens).toBeGreaterThan(50);
  });

  test('the local model reports the same way', async () => {
    const local = { model: 'local/lifeboat' };
    const asked = chunks(await stream({ ...local, ...counted }));
    expect(asked.filter(({ choices }) => choices.length === 0)).toHaveLength(1);
    expect(asked.at(-1)?.usage?.prompt_tokens).toBeGreaterThan(3);
    const other = chunks(await stream(local));
    expect(other.filter(({ choices }) => choices.length === 0)).toEqual([]);
  });
});

test('streams say that nobody may hold them back', async () => {
  for (const model of [MODEL, 'local/lifeboat']) {
    const { headers } = await stream(
      { model },
      { headers: { 'accept-encoding': 'gzip, deflate, br' } },
    );
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(headers.get('x-accel-buffering')).toBe('no');
    expect(headers.get('content-encoding')).toBeNull();
  }
});

test('an answer names the model that gave it', async () => {
  expect(completion(await ask({ model: 'gpt-4o-mini' })).model).toBe(MODEL);
  expect(completion(await ask({ model: 'local' })).model).toBe('local/lifeboat');
  expect(completion(await ask({ model: 'claude-3-5-haiku-latest' })).model).toBe(MODEL);
});

type Call = { id?: string; function?: { name?: string; arguments?: string } };

function toolCallsOf(delta: unknown): Call[] {
  const { tool_calls: calls } = (delta ?? {}) as { tool_calls?: Call[] };
  return calls ?? [];
}
