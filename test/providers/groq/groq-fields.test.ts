import { expect, test } from 'vitest';
import type { ChatParams } from '../../../src/core/chat.ts';
import { groqFields } from '../../../src/providers/groq/groq-fields.ts';

const messages = [{ role: 'user', content: 'Hi' }];

test.for<ChatParams>([
  { messages },
  { messages, model: 'openai/gpt-oss-20b', n: 1, logprobs: true, top_k: 3, stream: true },
  { messages, max_tokens: 5, service_tier: 'flex', seed: 1, user: 'u', temperature: 0 },
  { messages: [{ role: 'tool', name: 'weather', tool_call_id: 'c', content: '' }] },
  {
    messages: [
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
    ],
  },
])('a request that Groq takes as it is stays the very same object (%#)', (params) => {
  expect(groqFields(params)).toBe(params);
});

test('max_tokens goes only where max_completion_tokens says the same', () => {
  const limited = { messages, max_tokens: 5 };
  expect(groqFields({ ...limited, max_completion_tokens: null })).toEqual(limited);
  const both = { ...limited, max_completion_tokens: 7 };
  expect(groqFields(both)).toEqual({ messages, max_completion_tokens: 7 });
});

test.for<[string, unknown]>([
  ['store', true],
  ['metadata', { project: 'x' }],
  ['prediction', { type: 'content', content: 'x' }],
  ['prompt_cache_key', 'x'],
  ['safety_identifier', 'x'],
  ['logprobs', false],
  ['top_logprobs', 0],
  ['logit_bias', {}],
  ['modalities', ['text']],
  ['frequency_penalty', null],
  ['stop', null],
])('%s: %j is left out, since it cannot change the answer', ([field, value]) => {
  expect(groqFields({ messages, seed: 7, [field]: value })).toEqual({ messages, seed: 7 });
});

test.for<[string, unknown]>([
  ['logprobs', true],
  ['top_logprobs', 2],
  ['logit_bias', { 5: 1 }],
  ['n', 2],
  ['modalities', ['text', 'audio']],
  ['anything_else', 1],
])('%s: %j stays, for Groq to judge', ([field, value]) => {
  const params = { messages, [field]: value };
  expect(groqFields(params)).toBe(params);
});

test('of two limits of the completion the newer name stays', () => {
  const params = { messages, max_tokens: 5, max_completion_tokens: 9 };
  expect(groqFields(params)).toEqual({ messages, max_completion_tokens: 9 });
});

test("OpenAI's default tier is what Groq calls on_demand", () => {
  const params = groqFields({ messages, service_tier: 'default' });
  expect(params['service_tier']).toBe('on_demand');
});

test('names of speakers are left out, names of tools stay', () => {
  const params = groqFields({
    messages: [
      { role: 'system', content: 'Be brief.', name: 'rules' },
      { role: 'user', content: 'Hi', name: 'Ann' },
      { role: 'tool', content: '5', name: 'sum', tool_call_id: 'c' },
    ],
  });
  expect(params.messages).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hi' },
    { role: 'tool', content: '5', name: 'sum', tool_call_id: 'c' },
  ]);
});

test('an answer that is sent back loses what only decorates it', () => {
  const called = { name: 'f', arguments: '{}' };
  const call = { id: 'c', type: 'function', function: called };
  const decorated = {
    role: 'assistant',
    content: 'Hello',
    reasoning: 'They greet.',
    reasoning_content: 'They greet.',
    refusal: null,
    annotations: [],
    audio: null,
    parsed: { x: 1 },
    name: 'Bot',
    tool_calls: [{ ...call, index: 0, function: { ...called, parsed_arguments: {} } }],
  };
  const { messages: sent } = groqFields({ messages: [...messages, decorated] });
  expect(sent).toEqual([...messages, { role: 'assistant', content: 'Hello', tool_calls: [call] }]);
});

test('an answer without calls, sent back with tool_calls: null, has none', () => {
  const answer = { role: 'assistant', content: 'Hello', tool_calls: null, function_call: null };
  const { messages: sent } = groqFields({ messages: [answer] });
  expect(sent).toEqual([{ role: 'assistant', content: 'Hello' }]);
});
