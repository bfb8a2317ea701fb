import { expect } from 'vitest';
import { hear } from './caller.ts';
import { test } from './fixture.ts';
import { chunks } from './heard.ts';
import { question, streamed } from './questions.ts';

const model = 'qwen/qwen3.8-27b';
const parameters = {
  type: 'object',
  properties: { city: { type: 'string' }, unit: { enum: ['celsius'] }, days: { type: 'integer' } },
};
const tools = [{ type: 'function', function: { name: 'get_weather', parameters } }];

test('a forced tool is called, its arguments in pieces', async ({ lab }) => {
  const tool_choice = { type: 'function', function: { name: 'get_weather' } };
  const heard = await hear({ url: lab.url, body: streamed(model, { tools, tool_choice }) });
  const events = chunks(heard.body);
  const calls = events.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
  expect(calls[0]).toMatchObject({ type: 'function', index: 0, function: { name: 'get_weather' } });
  expect(calls.length).toBeGreaterThan(3);
  const spoken = calls.map((call) => call.function.arguments).join('');
  expect(JSON.parse(spoken)).toMatchObject({ unit: 'celsius', days: 42 });
  expect(events.at(-1).choices[0].finish_reason).toBe('tool_calls');
});

test('a tool named by the user is called in a whole answer', async ({ lab }) => {
  const messages = [{ role: 'user', content: 'Please use get_weather.' }];
  const heard = await hear({ url: lab.url, body: { model, messages, tools } });
  const [choice] = JSON.parse(heard.body.toString()).choices;
  expect(choice.finish_reason).toBe('tool_calls');
  expect(JSON.parse(choice.message.tool_calls[0].function.arguments)).toHaveProperty('city');
});

test('tools that nobody asks for are left alone', async ({ lab }) => {
  const heard = await hear({ url: lab.url, body: question(model, { tools }) });
  expect(JSON.parse(heard.body.toString()).choices[0].finish_reason).toBe('stop');
});

test('a JSON schema is satisfied', async ({ lab }) => {
  const response_format = { type: 'json_schema', json_schema: { name: 'w', schema: parameters } };
  const heard = await hear({ url: lab.url, body: question(model, { response_format }) });
  const { content } = JSON.parse(heard.body.toString()).choices[0].message;
  expect(JSON.parse(content)).toMatchObject({ unit: 'celsius' });
});

test('JSON mode wants the word json in the messages', async ({ lab }) => {
  const response_format = { type: 'json_object' };
  const without = await hear({ url: lab.url, body: question(model, { response_format }) });
  expect(without.status).toBe(400);
  const messages = [{ role: 'user', content: 'Answer in json.' }];
  const heard = await hear({ url: lab.url, body: { model, messages, response_format } });
  const { content } = JSON.parse(heard.body.toString()).choices[0].message;
  expect(JSON.parse(content)).toHaveProperty('answer');
});
