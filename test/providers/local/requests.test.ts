import { afterAll, describe, expect, it } from 'vitest';
import type { LocalModel } from '../../../src/providers/local/local.ts';
import { profileOf } from '../../../src/providers/local/profile.ts';
import { understand } from '../../../src/providers/local/request.ts';
import { openLifeboatAndRandom, saidBy } from '../../support/lifeboat-and-random.ts';
import { ask, chatRequest, completionOf, never } from '../../support/local-model.ts';

const { lifeboat, random, close } = await openLifeboatAndRandom('requests');
afterAll(close);

const who = { role: 'user', content: 'Who are you?' };

describe('what OpenAI clients commonly send', () => {
  it('is read as plain text: parts, developer messages, nulls, unknown fields', async () => {
    const plain = await saidBy(lifeboat, { messages: [who] });
    const content = [
      { type: 'text', text: 'Who are ' },
      { type: 'text', text: 'you?' },
    ];
    const params = {
      messages: [{ role: 'user', content, name: 'ada' }],
      max_tokens: null,
      temperature: null,
      stop: null,
      n: 1,
      user: 'ada',
      service_tier: 'auto',
      store: false,
      response_format: { type: 'text' },
    };
    expect(await saidBy(lifeboat, params)).toBe(plain);
  });

  it('takes tool calls of the past, with or without a template for them', async () => {
    const calls = [{ id: 'a', type: 'function', function: { name: 'add', arguments: '{"a":1}' } }];
    const messages = [
      who,
      { role: 'assistant', content: null, tool_calls: calls },
      { role: 'tool', tool_call_id: 'a', content: '3' },
      who,
    ];
    expect((await saidBy(lifeboat, { messages })).length).toBeGreaterThan(5);
    expect((await ask(random, { messages, max_tokens: 1 })).usage.completion_tokens).toBe(1);
  });

  it('has each result of a tool at the call before it, though ids and names come again', () => {
    const add = { name: 'add', arguments: '{}' };
    const call = { role: 'assistant', tool_calls: [{ id: 'call_0', function: add }] };
    const old = { role: 'assistant', content: null, function_call: add };
    const messages = [
      ...[who, call, { role: 'tool', tool_call_id: 'call_0', content: '1' }],
      ...[who, call, { role: 'tool', tool_call_id: 'call_0', content: '2' }],
      ...[who, old, { role: 'function', name: 'add', content: '3' }],
      ...[who, old, { role: 'function', name: 'add', content: '4' }],
    ];
    const { turns } = understand({ messages }, profileOf('random')).job;
    const results = turns.flatMap(({ calls = [] }) => calls.map(({ result }) => result));
    expect(results).toEqual(['1', '2', '3', '4']);
  });

  it("may name a provider's own tools, which are refused by name where they may be called", async () => {
    const own = { messages: [who], tools: [{ type: 'browser_search' }] };
    const { usage } = await ask(random, { ...own, tool_choice: 'none', max_tokens: 1 });
    expect(usage.completion_tokens).toBe(1);
    await expect(ask(random, own)).rejects.toMatchObject({
      code: 'not_supported',
      message: expect.stringContaining('browser_search'),
      body: { param: 'tools.0.type' },
    });
  });

  it('with tools that may not be called is answered in text', async () => {
    const tools = [{ type: 'function', function: { name: 'add', parameters: {} } }];
    const params = { messages: [who], tools, tool_choice: 'none' };
    expect((await saidBy(lifeboat, params)).length).toBeGreaterThan(5);
  });
});

describe('a request that the local model refuses', () => {
  const tools = [{ type: 'function', function: { name: 'add', parameters: {} } }];
  const image = { type: 'image_url', image_url: { url: 'data:' } };

  it.each([
    ['n above 1', { n: 2 }, 'n'],
    ['tools', { tools }, 'tools'],
    ['an image', { messages: [{ role: 'user', content: [image] }] }, 'messages.0.content.0'],
  ])('names what is not supported: %s', async (_name, params, param) => {
    await expect(ask(lifeboat, { messages: [who], ...params })).rejects.toMatchObject({
      status: 400,
      code: 'not_supported',
      body: { param },
    });
  });

  it('names tools also where only the template knows', async () => {
    await expect(ask(random, { messages: [who], tools })).rejects.toMatchObject({
      code: 'not_supported',
      body: { param: 'tools' },
    });
  });

  it.each([
    ['temperature', { temperature: 5 }],
    ['top_p', { top_p: -1 }],
    ['max_tokens', { max_tokens: 0 }],
    ['max_tokens', { max_tokens: 1.5 }],
    ['top_logprobs', { top_logprobs: 3 }],
    ['logit_bias', { logit_bias: { '5': 1000 } }],
    ['stop', { stop: 7 }],
    ['messages', { messages: [] }],
    ['messages.0.role', { messages: [{ role: 'king', content: 'x' }] }],
  ])('names the wrong field: %s', async (param, params) => {
    await expect(ask(lifeboat, { messages: [who], ...params })).rejects.toMatchObject({
      status: 400,
      code: 'invalid_request',
      body: { param: expect.stringContaining(param) },
    });
  });
});

describe('a prompt that does not fit', () => {
  it('is refused with both numbers, never shortened', async () => {
    const messages = [{ role: 'user', content: 'baba '.repeat(800) }];
    await expect(ask(random, { messages })).rejects.toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
      message: expect.stringMatching(/holds 512 tokens.* \d{3,4}\./),
    });
    const filled = [{ role: 'user', content: 'baba '.repeat(20) }];
    const { usage } = await ask(random, { messages: filled, max_tokens: 100_000 });
    expect(usage.total_tokens).toBeLessThanOrEqual(512);
  });

  it('of a megabyte is refused at once', async () => {
    const messages = [{ role: 'user', content: 'baba '.repeat(200_000) }];
    await expect(ask(random, { messages })).rejects.toMatchObject({
      code: 'context_length_exceeded',
    });
  });

  it('is cut to the latest turns by a model whose profile says so', async () => {
    const old = Array.from({ length: 30 }, (_, index) => [
      { role: 'user', content: `Can you tell me what ${index} + 1 is? ` },
      { role: 'assistant', content: `${index} + 1 = ${index + 1}. ` },
    ]).flat();
    const system = { role: 'system', content: 'Be very helpful. '.repeat(100) };
    const { usage, choices } = await ask(lifeboat, { messages: [system, ...old, who] });
    const six = await ask(lifeboat, { messages: [...old.slice(-12), who] });
    expect(usage.prompt_tokens).toBe(six.usage.prompt_tokens);
    expect(choices[0].finish_reason).toBe('stop');
    const wordy = old.map(({ role, content }) => ({ role, content: content.repeat(4) }));
    const full = await ask(lifeboat, { messages: [...wordy, who] });
    expect(full.usage.prompt_tokens).toBeGreaterThan(200);
    expect(full.usage.prompt_tokens).toBeLessThanOrEqual(400);
    expect(full.choices[0].message.content).toMatch(/lifeboat/);
  });

  it('keeps a short system prompt, and answers without a long one', async () => {
    const told = async (system: string) =>
      saidBy(lifeboat, { messages: [{ role: 'system', content: system }, who] });
    const named = 'You are Maja, a friendly assistant. Answer briefly.';
    expect(await told(named)).toContain('Maja');
    expect(await told(named.repeat(20))).toBe(await saidBy(lifeboat, { messages: [who] }));
  });

  it('gets a short answer by default, and as long a one as was asked for', () => {
    const profile = profileOf('lifeboat');
    const maxTokens = (params: object) =>
      understand({ messages: [who], ...params }, profile).job.maxTokens;
    expect([maxTokens({}), maxTokens({ max_tokens: 300 })]).toEqual([120, 300]);
  });

  it('is refused by that model too when the last message alone is too long', async () => {
    const messages = [{ role: 'user', content: 'Who are you? '.repeat(300) }];
    await expect(ask(lifeboat, { messages })).rejects.toMatchObject({
      code: 'context_length_exceeded',
    });
  });
});

describe('a count of tokens', () => {
  it('is that of the prompt as it would be answered', async () => {
    const { usage } = await ask(lifeboat, { messages: [who] });
    const request = chatRequest({ messages: [who] });
    expect(await lifeboat.countTokens(request, never())).toBe(usage.prompt_tokens);
  });
});

describe('a trailing assistant message', () => {
  it('is carried on where it ends, word for word', async () => {
    const whole = await saidBy(lifeboat, { messages: [who] });
    for (let length = 1; length < whole.length; length += 3) {
      const begun = { role: 'assistant', content: whole.slice(0, length) };
      const rest = await saidBy(lifeboat, { messages: [who, begun] });
      expect(begun.content + rest).toBe(whole);
    }
  });
});

describe('the plain text of a legacy completion', () => {
  const chat = { messages: [who], max_tokens: 8, temperature: 0 };
  const askPlain = async (model: LocalModel, prompt: string) =>
    completionOf(await model.chat({ ...chatRequest(chat), prompt }, never()));

  it('is carried on as it is, without the chat template', async () => {
    const asChat = await ask(random, chat);
    const plain = await askPlain(random, 'Who are you?');
    const longer = await askPlain(random, 'Who are you? Who are you?');
    expect(plain.usage.prompt_tokens).toBeLessThan(asChat.usage.prompt_tokens);
    expect(longer.usage.prompt_tokens).toBeGreaterThan(plain.usage.prompt_tokens);
  });

  it('begins with the opening token where it is empty', async () => {
    const request = { ...chatRequest({ messages: [who], max_tokens: 2 }), prompt: '' };
    const { usage } = completionOf(await random.chat(request, never()));
    expect(usage).toMatchObject({ prompt_tokens: 1, completion_tokens: 2 });
  });

  it('is a turn of a chat for a model that knows nothing else', async () => {
    const asChat = await ask(lifeboat, chat);
    const plain = await askPlain(lifeboat, 'Who are you?');
    expect(plain.choices).toEqual(asChat.choices);
  });
});
