import type { LlamaModel, Token } from 'node-llama-cpp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCalls } from '../../../src/providers/local/child/calls.ts';
import { seamCutter } from '../../../src/providers/local/child/seam.ts';
import { writer } from '../../../src/providers/local/child/writer.ts';
import type { LocalModel } from '../../../src/providers/local/local.ts';
import { profileOf } from '../../../src/providers/local/profile.ts';
import type { FromChild, GenerateJob } from '../../../src/providers/local/protocol.ts';
import { understand } from '../../../src/providers/local/request.ts';
import { TINY, writeGguf } from '../../support/gguf-writer.ts';
import { builtChild } from '../../support/local-child.ts';
import { ask, chatRequest, eventsOf, modelFor, never } from '../../support/local-model.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { TOOL_TEMPLATE } from '../../support/tool-template.ts';

const parameters = {
  type: 'object',
  properties: { a: { type: 'integer', minimum: 0, maximum: 9 }, b: { enum: ['x', 'y'] } },
  required: ['a', 'b'],
};
const tools = [
  { type: 'function', function: { name: 'add', description: 'Adds', parameters } },
  { type: 'function', function: { name: 'stop' } },
];
const messages = [{ role: 'user', content: 'baba' }];

describe('a model whose template knows tools', () => {
  const scratch = scratchFolder();
  let model: LocalModel;

  beforeAll(async () => {
    const modelPath = scratch.path('tools.gguf');
    writeGguf(modelPath, { template: TOOL_TEMPLATE, shape: { ...TINY, context: 1024 } });
    model = modelFor({ childPath: await builtChild('tools'), modelPath, modelName: 'random' });
  });
  afterAll(async () => {
    await model.close();
    scratch.remove();
  });

  it('makes exactly the call that is asked for', async () => {
    const tool_choice = { type: 'function', function: { name: 'add' } };
    const { choices } = await ask(model, { messages, tools, tool_choice, seed: 1 });
    expect(choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { content: null, tool_calls: [{ type: 'function', function: { name: 'add' } }] },
    });
    const call = choices[0].message.tool_calls?.[0];
    const { a, b } = JSON.parse(call?.function.arguments ?? '');
    expect(a).toBeLessThanOrEqual(9);
    expect(['x', 'y']).toContain(b);
  });

  it('makes some call when one is required, streamed as one delta', async () => {
    const params = { messages, tools, tool_choice: 'required', stream: true, seed: 2 };
    const limited = { ...params, logit_bias: { '354': 10 } };
    const events = await eventsOf(await model.chat(chatRequest(limited), never()));
    const calls = events.flatMap(({ chunk }) => chunk.choices[0]?.delta?.tool_calls ?? []);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ index: 0, id: expect.stringMatching(/^call_/) });
    expect(events.at(-1)?.chunk.choices[0]?.finish_reason).toBe('tool_calls');
  });

  it.each([
    ['no schema', undefined],
    ['null', null],
    ['an empty schema', {}],
  ])('gives a forced call an object of arguments, with %s', async (_name, form) => {
    const simple = [{ type: 'function', function: { name: 'stop', parameters: form } }];
    const logit_bias = { '354': 30 };
    const params = { messages, tools: simple, tool_choice: 'required', seed: 1, logit_bias };
    const { choices } = await ask(model, params);
    const args = JSON.parse(choices[0].message.tool_calls?.[0]?.function.arguments ?? '');
    expect(args).toBeTypeOf('object');
  });

  it('shows nothing of a forced call that is cut before its arguments', async () => {
    const tool_choice = { type: 'function', function: { name: 'add' } };
    const { choices } = await ask(model, { messages, tools, tool_choice, max_tokens: 3 });
    expect(choices[0].finish_reason).toBe('length');
    expect(choices[0].message.content).toBe('');
  });

  it.each([
    ['a call without tools', { tool_choice: 'required' }, 'invalid_request', 'tool_choice'],
    ['functions of old', { functions: [{ name: 'add' }] }, 'not_supported', 'functions'],
    [
      'a choice among some of the tools',
      { tools, tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools } } },
      'not_supported',
      'tool_choice',
    ],
    [
      'a call after a beginning',
      {
        tools,
        tool_choice: 'required',
        messages: [...messages, { role: 'assistant', content: 'I' }],
      },
      'not_supported',
      'tool_choice',
    ],
    [
      'arguments that are no object',
      {
        tools: [{ function: { name: 'a', parameters: { anyOf: [{ type: 'string' }] } } }],
        tool_choice: 'required',
      },
      'invalid_request',
      'tools.a.parameters',
    ],
  ])('refuses %s by name', async (_name, params, code, param) => {
    const answer = ask(model, { messages, ...params });
    await expect(answer).rejects.toMatchObject({ code, body: { param } });
  });

  it('tells no log probabilities of a call, and needs none of functions that may not be called', async () => {
    const forced = { messages, tools, tool_choice: 'required', logprobs: true, max_tokens: 12 };
    expect((await ask(model, forced)).choices[0].logprobs?.content).toEqual([]);
    const old = { messages, functions: [{ name: 'add' }], function_call: 'none', max_tokens: 1 };
    expect((await ask(model, old)).usage.completion_tokens).toBe(1);
  });

  it('may also answer in text, and sees the tools in its prompt', async () => {
    const without = await ask(model, { messages, max_tokens: 4 });
    const offered = await ask(model, { messages, tools, max_tokens: 4 });
    expect(offered.usage.prompt_tokens).toBeGreaterThan(without.usage.prompt_tokens + 50);
    expect(offered.choices[0].message.tool_calls).toBeUndefined();
  });

  it('is shown past calls and their results by its template', async () => {
    const call = { id: 'a', type: 'function', function: { name: 'add', arguments: '{"a":1}' } };
    const past = [
      ...messages,
      { role: 'assistant', content: '', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'a', content: 'the result' },
    ];
    expect((await ask(model, { messages: past, tools, max_tokens: 2 })).usage).toMatchObject({
      completion_tokens: 2,
    });
  });

  it('refuses a choice that is not among the tools, and a schema without a promise', async () => {
    const nobody = { function: { name: 'nobody' } };
    await expect(ask(model, { messages, tools, tool_choice: nobody })).rejects.toMatchObject({
      code: 'invalid_request',
      body: { param: 'tool_choice' },
    });
    const odd = { type: 'object', properties: { a: { type: 'string', pattern: 'x' } } };
    const strange = [{ type: 'function', function: { name: 'odd', parameters: odd } }];
    await expect(
      ask(model, { messages, tools: strange, tool_choice: 'required' }),
    ).rejects.toMatchObject({ code: 'not_supported' });
  });
});

describe('what a model writes with tools at hand', () => {
  const syntax = { prefix: '<call>{"name": "', middle: '", "args": ', suffix: '}</call>' };

  /** Lets a model that speaks in the given pieces write an answer. */
  function reportsOf(pieces: readonly string[], { parallel = true } = {}): FromChild[] {
    // Of the whole model, a writer only uses the detokeniser.
    const model = {
      detokenize: (tokens: readonly number[]) => tokens.map((token) => pieces[token]).join(''),
    } as unknown as LlamaModel;
    const { job } = understand({ messages, tools, stop: 'END' }, profileOf('random'));
    const offer = { choice: 'auto', offered: [], parallel } as const;
    const numbered: GenerateJob & { id: number } = { ...job, id: 1, tools: offer };
    const reports: FromChild[] = [];
    const write = writer({
      model,
      job: numbered,
      before: [],
      calls: syntax,
      seam: seamCutter(''),
      tell: (report) => reports.push(report),
    });
    pieces.some((_, token) => write.add(token as Token, undefined));
    write.end();
    return reports;
  }

  it('is text up to the first call, and then calls', () => {
    expect(
      reportsOf(['I will', ' <ca', 'll>{"name": "add", "args": {"a"', ': 1}}</call>']),
    ).toEqual([
      { kind: 'text', id: 1, text: 'I will' },
      { kind: 'text', id: 1, text: ' ' },
      { kind: 'called', id: 1, calls: [{ name: 'add', arguments: '{"a": 1}' }] },
    ]);
  });

  it('is several calls, or the first of them', () => {
    const two = ['<call>{"name": "a", "args": {}}</call>\n<call>{"name": "b", "args": {}}</call>'];
    const calls = [
      { name: 'a', arguments: '{}' },
      { name: 'b', arguments: '{}' },
    ];
    expect(reportsOf(two)).toEqual([{ kind: 'called', id: 1, calls }]);
    expect(reportsOf(two, { parallel: false })).toEqual([
      { kind: 'called', id: 1, calls: calls.slice(0, 1) },
    ]);
  });

  it('is text again when it was no call, and still ends at a stop string', () => {
    expect(reportsOf(['<call>{"name": "nothing'])).toEqual([
      { kind: 'text', id: 1, text: '<call>{"name": "nothing' },
    ]);
    expect(reportsOf(['a <cal', 'm sea EN', 'D b'])).toEqual([
      { kind: 'text', id: 1, text: 'a ' },
      { kind: 'text', id: 1, text: '<calm sea ' },
    ]);
  });

  it('is read without its end, too', () => {
    expect(readCalls('add", "args": {"a": 1', syntax)).toEqual([
      { name: 'add', arguments: '{"a": 1' },
    ]);
  });
});
