import { afterAll, expect, test } from 'vitest';
import type { Answer } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';
import { namedEvents } from '../support/named-events.ts';

const cloud = await startCloud({ RETRY_ATTEMPTS: '1' });
afterAll(cloud.stop);

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

test('tools are called whole and in a stream', async () => {
  const body = { tools: [weather], messages: [{ role: 'user', content: 'weather?' }] };
  const message = JSON.parse((await send(body)).text);
  const [use] = message.content;
  expect(message.stop_reason).toBe('tool_use');
  expect(use).toMatchObject({ type: 'tool_use', name: 'weather' });
  expect(use.input).toHaveProperty('city');

  const events = namedEvents(await send({ ...body, stream: true }));
  const start = events.find(({ name }) => name === 'content_block_start')?.data;
  expect(start).toMatchObject({
    content_block: { type: 'tool_use', name: 'weather', input: {} },
  });
  const pieces = events.flatMap(
    ({ data }) => (data['delta'] as { partial_json?: string })?.partial_json ?? [],
  );
  expect(pieces.length).toBeGreaterThan(1);
  expect(JSON.parse(pieces.join(''))).toEqual(use.input);
});

test('tools send their results, images and choices on in a chat’s words', async () => {
  const source = { type: 'base64', media_type: 'image/png', data: 'AA==' };
  await send({
    stop_sequences: ['END'],
    temperature: 0.5,
    metadata: { user_id: 'u1' },
    tools: [{ ...weather, strict: true, cache_control: { type: 'ephemeral' } }],
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look:' },
          { type: 'image', source },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.', signature: 'x' },
          { type: 'text', text: 'I ask.' },
          { type: 'tool_use', id: 't1', name: 'weather', input: { city: 'Kiel' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'Rain' }] },
          { type: 'tool_result', tool_use_id: 't2', is_error: true, content: 'gone' },
          { type: 'tool_result', tool_use_id: 't3', content: [{ type: 'image', source }] },
          { type: 'text', text: 'So?' },
        ],
      },
    ],
  });
  const { name, description, input_schema: parameters } = weather;
  expect(cloud.lab.attempts.at(-1)?.body).toEqual({
    model: MODEL,
    max_completion_tokens: 500,
    temperature: 0.5,
    stop: ['END'],
    user: 'u1',
    tools: [{ type: 'function', function: { name, description, parameters, strict: true } }],
    tool_choice: 'required',
    parallel_tool_calls: false,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look:' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
        ],
      },
      {
        role: 'assistant',
        content: 'I ask.',
        tool_calls: [
          {
            id: 't1',
            type: 'function',
            function: { name: 'weather', arguments: '{"city":"Kiel"}' },
          },
        ],
      },
      { role: 'tool', tool_call_id: 't1', content: 'Rain' },
      { role: 'tool', tool_call_id: 't2', content: 'Error: gone' },
      { role: 'tool', tool_call_id: 't3', content: '(an image, shown below)' },
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
          { type: 'text', text: 'So?' },
        ],
      },
    ],
  });
});
