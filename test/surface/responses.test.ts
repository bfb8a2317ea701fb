import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Answer } from '../support/answer.ts';
import { errorIn } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';
import { type NamedEvent, namedEvents, namesOf } from '../support/named-events.ts';

const cloud = await startCloud({ RETRY_ATTEMPTS: '1' });
afterAll(cloud.stop);
const { lab } = cloud;
beforeEach(() => lab.reset());

const MODEL = 'openai/gpt-oss-20b';
const LOCAL = 'local/lifeboat';

function respond(body: object, options: object = {}): Promise<Answer> {
  return cloud.ask(
    { input: PROMPT, prompt: undefined, ...body },
    { path: '/v1/responses', ...options },
  );
}

/** From the first event to the last, as the SDKs' helpers need them for one text. */
const TEXT_SEQUENCE = [
  'response.created',
  'response.in_progress',
  'response.output_item.added',
  'response.content_part.added',
  'response.output_text.delta',
  'response.output_text.done',
  'response.content_part.done',
  'response.output_item.done',
  'response.completed',
];

describe('from Groq', () => {
  test('a whole response arrives byte for byte, and so did the request', async () => {
    const answer = await respond({ model: MODEL });
    const response = JSON.parse(answer.text);
    expect(response).toMatchObject({ object: 'response', status: 'completed', model: MODEL });
    expect(response.output[0].content[0].text).toBe(lab.expected(PROMPT));
    expect(answer.headers.get('x-served-by')).toBe(`groq/${MODEL}`);
    const [attempt] = lab.attempts;
    expect(attempt?.route).toBe('/responses');
    expect(attempt?.rawBody.toString()).toBe(JSON.stringify({ input: PROMPT, model: MODEL }));
    expect(attempt?.bytesSent).toBeGreaterThan(answer.bytes.length);
  });

  test('models that are null stay at home', async () => {
    await respond({ model: MODEL, models: null });
    expect(lab.attempts[0]?.rawBody.toString()).not.toContain('models');
  });

  test('a stream arrives event by event, without [DONE]', async () => {
    const answer = await respond({ model: MODEL, stream: true });
    const events = namedEvents(answer);
    expect(namesOf(events)).toEqual(TEXT_SEQUENCE);
    expect(textOf(events)).toBe(lab.expected(PROMPT));
    expect(answer.text).not.toContain('[DONE]');
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  });

  test('the bare address works, and aliases do', async () => {
    const answer = await respond({ model: 'gpt-4o-mini' }, { path: '/responses' });
    expect(JSON.parse(answer.text).model).toBe(MODEL);
  });

  test('the next model answers when the first fails', async () => {
    lab.script(MODEL, ['503']);
    const answer = await respond({ model: MODEL, stream: true });
    expect(answer.headers.get('x-fallback-trail')).toBe(
      `groq/${MODEL}:503, groq/openai/gpt-oss-120b`,
    );
    expect(textOf(namedEvents(answer))).toBe(lab.expected(PROMPT));
  });

  test('a retired model is answered by its successor', async () => {
    const answer = await respond({ model: 'llama-3.1-8b-instant' });
    expect(answer.headers.get('x-model-replaced')).toBe(`llama-3.1-8b-instant -> ${MODEL}`);
  });

  test.for([
    'cut',
    'cut-clean',
    'cut-fin',
    'cut-reset',
    'cut-done',
    'stall',
    'inband-data',
    'inband-event',
  ])(
    'a stream that breaks off (%s) ends with response.failed, and is not carried on',
    async (fault) => {
      const model = `lab/${fault}:tokens=4`;
      const answer = await respond({ model, stream: true });
      const events = namedEvents(answer);
      const last = events.at(-1);
      expect(textOf(events)).not.toBe('');
      expect(lab.expected(PROMPT).startsWith(textOf(events))).toBe(true);
      expect(last).toMatchObject({
        name: 'response.failed',
        data: {
          sequence_number: events.length - 1,
          response: { status: 'failed', model, error: { code: 'server_error' } },
        },
      });
      expect(idOf(last)).toBe(idOf(events[0]));
      expect(lab.attempts).toHaveLength(1);
    },
  );

  test.for([
    'crlf',
    'cr',
    'comments',
    'bom',
    'one-byte',
    'half-events',
    'split-characters',
    'glued',
    'malformed',
  ])('a stream in unusual clothes (%s) is read without loss', async (fault) => {
    lab.script(MODEL, [fault]);
    const answer = await respond({ model: MODEL, stream: true });
    const events = namedEvents(answer);
    expect(textOf(events)).toBe(lab.expected(PROMPT));
    expect(namesOf(events).at(-1)).toBe('response.completed');
    expect(lab.attempts).toHaveLength(1);
  });

  test('max_output_tokens is lowered to what a minute allows, as a chat’s limit is', async () => {
    const answer = await respond({ model: 'lab/413:limit=4000', max_output_tokens: 8192 });
    expect(answer.headers.get('x-max-tokens-clamped')).toBe('4000');
    const asked = lab.attempts.map(({ body }) => Reflect.get(Object(body), 'max_output_tokens'));
    expect(asked).toEqual([8192, 4000]);
  });

  test('a refusal of Groq’s is passed on', async () => {
    lab.script(MODEL, ['policy']);
    const answer = await respond({ model: MODEL });
    expect(answer.status).toBe(400);
    expect(errorIn(answer)?.code).toBe('content_policy_violation');
    expect(lab.attempts).toHaveLength(1);
  });
});

describe('from the local model', () => {
  test('a whole response has all that OpenAI’s has', async () => {
    const answer = await respond({ model: LOCAL, input: 'What is 2+2?', instructions: 'Be kind.' });
    const response = JSON.parse(answer.text);
    expect(answer.headers.get('x-served-by')).toBe(LOCAL);
    expect(response).toMatchObject({
      object: 'response',
      status: 'completed',
      model: LOCAL,
      error: null,
      instructions: 'Be kind.',
      store: false,
      previous_response_id: null,
      output: [{ type: 'message', role: 'assistant', status: 'completed' }],
    });
    expect(response.id).toMatch(/^resp_/);
    expect(response.output[0].content[0].text).toContain('4');
    const { input_tokens, output_tokens, total_tokens } = response.usage;
    expect(total_tokens).toBe(input_tokens + output_tokens);
  });

  test('takes over when Groq fails, with the whole sequence of events', async () => {
    lab.script('*', ['503']);
    const input = [
      { role: 'user', content: [{ type: 'input_text', text: 'Hello' }] },
      { type: 'reasoning', id: 'rs_1', summary: [] },
      { role: 'assistant', content: [{ type: 'output_text', text: 'Hello!', annotations: [] }] },
      { role: 'user', content: 'What is 2+2?' },
    ];
    const answer = await respond({ model: MODEL, input, stream: true });
    const events = namedEvents(answer);
    expect(answer.headers.get('x-served-by')).toBe(LOCAL);
    expect(answer.headers.get('x-fallback-trail')).toContain(`groq/${MODEL}:503`);
    expect(namesOf(events)).toEqual(TEXT_SEQUENCE);
    expect(events.map(({ data }) => data['sequence_number'])).toEqual([...events.keys()]);
    expect(new Set(events.flatMap((event) => idOf(event) ?? [])).size).toBe(1);
    expect(events.at(-1)?.data).toMatchObject({
      response: {
        status: 'completed',
        output: [{ content: [{ type: 'output_text', text: textOf(events) }] }],
      },
    });
  });

  test('an answer that ran out of room is incomplete', async () => {
    const answer = await respond({ model: LOCAL, max_output_tokens: 2, stream: true });
    const last = namedEvents(answer).at(-1);
    expect(last).toMatchObject({
      name: 'response.incomplete',
      data: { response: { incomplete_details: { reason: 'max_output_tokens' } } },
    });
  });

  test('what a chat has no room for is refused by name', async () => {
    const file = { role: 'user', content: [{ type: 'input_file', file_id: 'f' }] };
    const answer = await respond({ model: LOCAL, input: [file] });
    expect(answer.status).toBe(400);
    expect(errorIn(answer)).toMatchObject({ code: 'not_supported', param: 'input.0.content.0' });
  });

  test.for<[number, object]>([
    [200, {}],
    [503, { tools: [{ type: 'function', name: 'f', parameters: {} }] }],
    [503, { text: { format: { type: 'json_object' } } }],
    [503, { input: [{ type: 'item_reference', id: 'x' }] }],
  ])('x-fallback: text-only lets it answer plain text alone (%i)', async ([status, body]) => {
    lab.script('*', ['503']);
    const headers = { 'x-fallback': 'text-only' };
    const model = 'lab/503#text-only';
    expect((await respond({ model, ...body }, { headers })).status).toBe(status);
  });

  test('x-fallback: off keeps it out', async () => {
    const model = 'lab/503#alone';
    const answer = await respond({ model }, { headers: { 'x-fallback': 'off' } });
    expect(answer.status).toBe(503);
    expect(errorIn(answer)?.code).toBe('provider_unavailable');
  });
});

function textOf(events: readonly NamedEvent[]): string {
  return events
    .filter(({ name }) => name === 'response.output_text.delta')
    .map(({ data }) => data['delta'])
    .join('');
}

function idOf(event: NamedEvent | undefined): unknown {
  const response = event?.data['response'];
  return response && (response as { id: unknown }).id;
}
