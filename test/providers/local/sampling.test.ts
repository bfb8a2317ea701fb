import { afterAll, describe, expect, it } from 'vitest';
import { seamOf } from '../../../src/providers/local/child/seam.ts';
import { openLifeboatAndRandom, saidBy } from '../../support/lifeboat-and-random.ts';
import { ask, chatRequest, eventsOf, never, textOf } from '../../support/local-model.ts';

const { lifeboat, random, close } = await openLifeboatAndRandom('sampling');
afterAll(close);

const who = [{ role: 'user', content: 'Who are you?' }];
const noise = [{ role: 'user', content: 'baba' }];

describe('sampling', () => {
  it('at temperature 0 is deterministic, and is what lifeboat does by itself', async () => {
    const first = await saidBy(lifeboat, { messages: who });
    expect(await saidBy(lifeboat, { messages: who, temperature: 0, seed: 9 })).toBe(first);
  });

  it('with a seed repeats itself, and with another one it does not', async () => {
    const params = { messages: noise, temperature: 1.5, max_tokens: 24 };
    const first = await saidBy(random, { ...params, seed: 7 });
    expect(await saidBy(random, { ...params, seed: 7 })).toBe(first);
    expect(await saidBy(random, { ...params, seed: 8 })).not.toBe(first);
    expect(await saidBy(random, { ...params, seed: -3 })).not.toBe('');
  });

  it('obeys a bias, a ban, and penalties', async () => {
    const params = { messages: noise, temperature: 0, max_tokens: 12, logprobs: true };
    const { choices } = await ask(random, params);
    const usual = choices[0].message.content;
    const forced = await saidBy(random, { ...params, logit_bias: { '400': 100 } });
    expect(new Set(forced.trim().split(' ')).size).toBe(1);
    const penal = await saidBy(random, { ...params, frequency_penalty: 2, presence_penalty: 2 });
    expect(penal).not.toBe(usual);
    expect(await saidBy(random, { ...params, repeat_penalty: 5 })).not.toBe(usual);
  });

  it('refuses a bias for a token that the model does not have', async () => {
    const params = { messages: noise, logit_bias: { '512': 1 } };
    await expect(ask(random, params)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('below 512'),
    });
  });

  it('top_k 1 is greedy at any temperature', async () => {
    const greedy = await saidBy(random, { messages: noise, temperature: 0, max_tokens: 8 });
    const params = { messages: noise, temperature: 2, top_k: 1, max_tokens: 8 };
    expect(await saidBy(random, params)).toBe(greedy);
  });
});

describe('the end of an answer', () => {
  it('is "length" when max_tokens is reached, and counts exactly', async () => {
    for (const limit of [{ max_tokens: 3 }, { max_completion_tokens: 3, max_tokens: null }]) {
      const { choices, usage } = await ask(lifeboat, { messages: who, ...limit });
      expect(choices[0].finish_reason).toBe('length');
      expect(usage.completion_tokens).toBe(3);
    }
  });

  it('is "stop" before a stop string, which never shows, also when it spans tokens', async () => {
    const whole = await saidBy(lifeboat, { messages: who });
    const stop = whole.slice(7, 19);
    const params = { messages: who, stop: ['never to be met', stop] };
    const { choices } = await ask(lifeboat, params);
    expect(choices[0]).toMatchObject({ finish_reason: 'stop' });
    expect(choices[0].message.content).toBe(whole.slice(0, 7));
    const reply = await lifeboat.chat(chatRequest({ ...params, stream: true }), never());
    expect(textOf(await eventsOf(reply))).toBe(whole.slice(0, 7));
  });

  it('is counted from where a given beginning ends, which belongs to the prompt', async () => {
    const whole = await saidBy(lifeboat, { messages: who });
    const begun = whole.slice(0, whole.indexOf(' CPU'));
    const messages = [...who, { role: 'assistant', content: begun }];
    const one = await ask(lifeboat, { messages, max_tokens: 1 });
    expect(one.usage.completion_tokens).toBe(1);
    expect(one.choices[0].message.content).not.toBe('');
    expect(whole.startsWith(begun + one.choices[0].message.content)).toBe(true);
    const all = await ask(lifeboat, { messages });
    expect(begun + all.choices[0].message.content).toBe(whole);
    const { usage } = await ask(lifeboat, { messages: who });
    expect(all.usage.total_tokens).toBe(usage.total_tokens);
  });

  it('comes at once after a beginning that is the whole answer, and is all that is counted', async () => {
    const whole = await saidBy(lifeboat, { messages: who });
    const messages = [...who, { role: 'assistant', content: whole }];
    const { choices, usage } = await ask(lifeboat, { messages });
    expect(choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: '' } });
    expect(usage.completion_tokens).toBe(1);
  });

  it('goes on after a zero byte, which no grammar can ask for', async () => {
    const messages = [...who, { role: 'assistant', content: "I'm\0the" }];
    const { choices } = await ask(lifeboat, { messages, max_tokens: 2 });
    expect(choices[0].finish_reason).toBe('length');
  });

  it('is not waited for where a very long word was begun', () => {
    expect(seamOf(`${'x'.repeat(200_000)} `).tail).toBe(' ');
  });

  it('is "length" when the context is full', async () => {
    const params = { messages: noise, temperature: 0, logit_bias: { '400': 100 } };
    const { choices, usage } = await ask(random, params);
    expect(choices[0].finish_reason).toBe('length');
    expect(usage.total_tokens).toBe(512);
  });
});

describe('a stream of bytes that make no character', () => {
  it('never tears one, and is the same text as the whole answer', async () => {
    // Bytes that begin or continue characters of two to four bytes are favoured.
    const bytes = Array.from({ length: 128 }, (_, index) => [String(5 + 128 + index), 30]);
    const params = {
      messages: noise,
      temperature: 1,
      seed: 3,
      max_tokens: 120,
      logit_bias: Object.fromEntries(bytes),
    };
    const reply = await random.chat(chatRequest({ ...params, stream: true }), never());
    const streamed = textOf(await eventsOf(reply));
    expect(streamed).toBe(await saidBy(random, params));
    expect(streamed.length).toBeGreaterThan(20);
  });

  it('finds a character behind bytes that are none', async () => {
    // 0xFF is never a part of a character: the ring buoy's four bytes follow it.
    const bytes = [0xff, ...Buffer.from('🛟')];
    const messages = [...noise];
    let said = '';
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const logit_bias = Object.fromEntries(bytes.map((byte) => [String(5 + byte), 40]));
      const params = {
        messages,
        seed,
        temperature: 1,
        max_tokens: 200,
        logit_bias,
        logprobs: true,
      };
      const { choices } = await ask(random, params);
      const all = choices[0].logprobs?.content.flatMap((token) => token.bytes) ?? [];
      const truth = Buffer.from(all).toString();
      expect(choices[0].message.content).toBe(truth);
      said += truth;
    }
    expect(said).toContain('\uFFFD🛟');
  });

  it('keeps real characters of four bytes together', async () => {
    // The bytes of U+1F6DF, a ring buoy, each forced in its turn by the grammar of an enum.
    const schema = { enum: ['🛟🛟 äöü ☂'] };
    const response_format = { type: 'json_schema', json_schema: { name: 'buoy', schema } };
    const params = { messages: noise, response_format, stream: true };
    const events = await eventsOf(await random.chat(chatRequest(params), never()));
    expect(JSON.parse(textOf(events))).toBe('🛟🛟 äöü ☂');
    for (const { chunk } of events) {
      expect(chunk.choices[0]?.delta?.content ?? '').not.toMatch(/\uFFFD|[\uD800-\uDBFF]$/);
    }
  });
});

describe('log probabilities', () => {
  it("are the model's own, whatever the sampling, and cover every token", async () => {
    const params = { messages: who, logprobs: true, top_logprobs: 3, max_tokens: 6 };
    const greedy = await ask(lifeboat, params);
    const content = greedy.choices[0].logprobs?.content ?? [];
    expect(content).toHaveLength(6);
    expect(content.map(({ token }) => token).join('')).toBe(greedy.choices[0].message.content);
    for (const { token, logprob, top_logprobs: top } of content) {
      expect(top).toHaveLength(3);
      expect(logprob).toBeLessThanOrEqual(0);
      expect(top[0]).toMatchObject({ token, logprob });
    }
    const warm = await ask(lifeboat, { ...params, temperature: 1.5, top_k: 2, seed: 1 });
    expect(warm.choices[0].logprobs?.content[0]?.top_logprobs).toEqual(content[0]?.top_logprobs);
  });

  it('say nothing of a stop string, nor of the text that is carried on', async () => {
    const whole = await saidBy(lifeboat, { messages: who });
    const params = { messages: who, logprobs: true, stop: whole.slice(8, 20) };
    const { choices } = await ask(lifeboat, params);
    const told = choices[0].logprobs?.content.map(({ token }) => token).join('') ?? '';
    expect(told).not.toBe('');
    expect(choices[0].message.content.startsWith(told)).toBe(true);
    const begun = [...who, { role: 'assistant', content: whole.slice(0, 16) }];
    const carried = await ask(lifeboat, { messages: begun, logprobs: true });
    const tokens = carried.choices[0].logprobs?.content.map(({ token }) => token).join('');
    expect(tokens).toBe(carried.choices[0].message.content);
  });

  it('tell the very bytes of a token that is no character', async () => {
    const schema = { enum: ['🛟'] };
    const response_format = { type: 'json_schema', json_schema: { name: 'buoy', schema } };
    const { choices } = await ask(random, { messages: noise, response_format, logprobs: true });
    const bytes = choices[0].logprobs?.content.flatMap((token) => token.bytes) ?? [];
    expect(Buffer.from(bytes).toString()).toBe('"🛟"');
  });

  it('do not change the answer', async () => {
    const params = { messages: noise, temperature: 1, seed: 5, max_tokens: 16 };
    const plain = await saidBy(random, params);
    expect(await saidBy(random, { ...params, logprobs: true })).toBe(plain);
  });
});
