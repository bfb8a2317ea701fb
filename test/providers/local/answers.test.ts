import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalModel } from '../../../src/providers/local/local.ts';
import { builtChild } from '../../support/local-child.ts';
import { ask, chatRequest, eventsOf, modelFor, never, textOf } from '../../support/local-model.ts';

describe('a local answer', () => {
  let model: LocalModel;

  beforeAll(async () => {
    model = modelFor({ childPath: await builtChild('answers') });
  });
  afterAll(() => model.close());

  it('is a whole chat completion with usage and timings', async () => {
    const { id, object, model: name, choices, usage, timings } = await ask(model, 'Who are you?');
    expect(id).toMatch(/^chatcmpl-/);
    expect([object, name]).toEqual(['chat.completion', 'local/lifeboat']);
    expect(choices[0].message.content.length).toBeGreaterThan(10);
    expect(choices[0].finish_reason).toBe('stop');
    expect(usage.total_tokens).toBe(usage.prompt_tokens + usage.completion_tokens);
    expect(timings.predicted_per_second).toBeGreaterThan(0);
  });

  it('streams the same text as the whole answer, and usage only when asked', async () => {
    const whole = await ask(model, 'Who are you?');
    const messages = [{ role: 'user', content: 'Who are you?' }];
    const plain = await eventsOf(
      await model.chat(chatRequest({ messages, stream: true }), never()),
    );
    expect(textOf(plain)).toBe(whole.choices[0].message.content);
    expect(plain[0]?.chunk.choices[0]?.delta?.role).toBe('assistant');
    expect(plain.at(-1)?.chunk.choices[0]?.finish_reason).toBe('stop');
    const counted = await eventsOf(
      await model.chat(
        chatRequest({ messages, stream: true, stream_options: { include_usage: true } }),
        never(),
      ),
    );
    expect(counted.at(-1)?.chunk.choices).toEqual([]);
    expect(counted.at(-1)?.chunk.usage?.completion_tokens).toBe(whole.usage.completion_tokens);
  });
});
