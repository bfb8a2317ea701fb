import { expect, test } from 'vitest';
import {
  type ChatChunk,
  type ChatEvent,
  type ChunkDelta,
  eventOf,
} from '../../../src/core/chat.ts';
import { eventWriter, responseEvents } from '../../../src/http/shapes/responses/events.ts';
import { responseHead, responseOfCompletion } from '../../../src/http/shapes/responses/response.ts';
import { parseResponses } from '../../../src/http/shapes/responses/schema.ts';
import { chatOfResponses } from '../../../src/http/shapes/responses/to-chat.ts';
import { namedEvents, namesOf } from '../../support/named-events.ts';

const chatOf = (body: object) => chatOfResponses(parseResponses(body).params);

test('a turn with tools becomes a chat with tools', () => {
  const chat = chatOf({
    model: 'm',
    instructions: 'Be brief.',
    max_output_tokens: 9,
    reasoning: { effort: 'low' },
    parallel_tool_calls: false,
    tools: [{ type: 'function', name: 'f', parameters: { type: 'object' }, strict: true }],
    tool_choice: { type: 'function', name: 'f' },
    text: { format: { type: 'json_schema', name: 'n', schema: {}, strict: true } },
    input: [
      { role: 'developer', content: 'Rules.' },
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'Look:' },
          { type: 'input_image', image_url: 'https://x/y.png', detail: 'low' },
        ],
      },
      { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
      { type: 'function_call', call_id: 'c2', name: 'f', arguments: '{"a":1}' },
      { type: 'function_call_output', call_id: 'c1', output: 'one' },
      { type: 'function_call_output', call_id: 'c2', output: [{ type: 'input_text', text: '2' }] },
    ],
  });
  const call = (id: string, text: string) => ({
    id,
    type: 'function',
    function: { name: 'f', arguments: text },
  });
  expect(chat).toEqual({
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'developer', content: 'Rules.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look:' },
          { type: 'image_url', image_url: { url: 'https://x/y.png', detail: 'low' } },
        ],
      },
      { role: 'assistant', content: null, tool_calls: [call('c1', '{}'), call('c2', '{"a":1}')] },
      { role: 'tool', tool_call_id: 'c1', content: 'one' },
      { role: 'tool', tool_call_id: 'c2', content: '[{"type":"input_text","text":"2"}]' },
    ],
    max_completion_tokens: 9,
    reasoning_effort: 'low',
    parallel_tool_calls: false,
    tools: [
      { type: 'function', function: { name: 'f', parameters: { type: 'object' }, strict: true } },
    ],
    tool_choice: { type: 'function', function: { name: 'f' } },
    response_format: { type: 'json_schema', json_schema: { name: 'n', schema: {}, strict: true } },
  });
});

test.for<[string, object]>([
  ['tools.0.type', { input: 'x', tools: [{ type: 'web_search' }] }],
  ['tools.0.name', { input: 'x', tools: [{ type: 'function' }] }],
  ['tool_choice', { input: 'x', tools: [fn()], tool_choice: { type: 'file_search' } }],
  ['input.0.type', { input: [{ type: 'item_reference', id: 'x' }] }],
  ['input.0.role', { input: [{ content: 'x' }] }],
  ['input.0.content', { input: [{ role: 'user' }] }],
  ['input.0.call_id', { input: [{ type: 'function_call', name: 'f', arguments: '' }] }],
  ['input', { input: [{ type: 'reasoning', summary: [] }] }],
])('what a chat has no room for is refused by its place: %s', ([param, body]) => {
  expect(() => chatOf(body)).toThrow(
    expect.objectContaining({ status: 400, body: expect.objectContaining({ param }) }),
  );
});

function fn() {
  return { type: 'function', name: 'f', parameters: {} };
}

async function* chunks(
  deltas: readonly ChunkDelta[],
  finish_reason: string,
): AsyncGenerator<ChatEvent> {
  const all: ChatChunk[] = [
    ...deltas.map((delta) => ({ choices: [{ delta, finish_reason: null }] })),
    { choices: [{ delta: {}, finish_reason }] },
    { choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } },
  ];
  for (const chunk of all) yield eventOf(chunk);
}

async function eventsOf(deltas: readonly ChunkDelta[], finish: string) {
  const { params } = parseResponses({ input: 'x' });
  let text = '';
  const events = responseEvents(chunks(deltas, finish), responseHead(params, 'm'), eventWriter());
  for await (const event of events) text += event;
  return namedEvents({ text });
}

const piece = (index: number, text: string, opening = {}) => ({
  tool_calls: [{ index, ...opening, function: { ...opening, arguments: text } }],
});

test('text, then two calls: each item is announced, filled and closed in its turn', async () => {
  const events = await eventsOf(
    [
      { content: 'Let me ' },
      { content: 'look.' },
      piece(0, '', { id: 'c1', name: 'f' }),
      piece(0, '{"a":'),
      piece(0, '1}'),
      piece(1, '{}', { id: 'c2', name: 'g' }),
    ],
    'tool_calls',
  );
  expect(namesOf(events)).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.output_item.added',
    'response.function_call_arguments.delta',
    'response.function_call_arguments.done',
    'response.output_item.done',
    'response.output_item.added',
    'response.function_call_arguments.delta',
    'response.function_call_arguments.done',
    'response.output_item.done',
    'response.completed',
  ]);
  const call = (name: string, call_id: string, text: string) =>
    expect.objectContaining({ type: 'function_call', name, call_id, arguments: text });
  expect(events.at(-1)?.data).toMatchObject({
    response: {
      status: 'completed',
      output: [
        { type: 'message', content: [{ text: 'Let me look.' }] },
        call('f', 'c1', '{"a":1}'),
        call('g', 'c2', '{}'),
      ],
      usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
    },
  });
  const added = events.filter(({ name }) => name === 'response.output_item.added');
  expect(added.map(({ data }) => data['output_index'])).toEqual([0, 1, 2]);
});

test('an answer without a word is one empty message', async () => {
  const events = await eventsOf([], 'stop');
  expect(events.at(-1)?.data).toMatchObject({
    response: { output: [{ type: 'message', content: [{ text: '' }] }] },
  });
});

test('a whole answer with calls has them as items', () => {
  const { params } = parseResponses({ input: 'x', metadata: { a: 'b' } });
  const called = { id: 'c1', function: { name: 'f', arguments: '{}' } };
  const message = { content: null, tool_calls: [called] };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: 'tool_calls' }];
  const response = responseOfCompletion(params, { id: '', created: 0, model: 'm', choices });
  expect(response).toMatchObject({
    status: 'completed',
    metadata: { a: 'b' },
    output: [{ type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' }],
  });
  expect(response.output).toHaveLength(1);
});
