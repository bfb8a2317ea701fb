import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalModel } from '../../../src/providers/local/local.ts';
import { writeGguf } from '../../support/gguf-writer.ts';
import { builtChild } from '../../support/local-child.ts';
import { ask, modelFor } from '../../support/local-model.ts';
import { scratchFolder } from '../../support/scratch.ts';

describe('of answers held to JSON', () => {
  const scratch = scratchFolder();
  let model: LocalModel;

  beforeAll(async () => {
    writeGguf(scratch.path('random.gguf'));
    const modelPath = scratch.path('random.gguf');
    const childPath = await builtChild('json-impossible');
    model = modelFor({ childPath, modelPath, modelName: 'random' });
  });
  afterAll(async () => {
    await model.close();
    scratch.remove();
  });

  it('one with more readings than can be followed is given up before it holds the model for long', {
    timeout: 60_000,
  }, async () => {
    const messages = [{ role: 'user', content: 'baba' }];
    const list = { type: 'array', items: { $ref: '#' } };
    const schema = { anyOf: [list, { ...list, title: 'the same once more' }] };
    const response_format = { type: 'json_schema', json_schema: { name: 'x', schema } };
    // Opening brackets only: each doubles the readings.
    const opening = 262 + '['.charCodeAt(0) - '!'.charCodeAt(0);
    const params = { messages, response_format, logit_bias: { [opening]: 100 }, max_tokens: 40 };
    await expect(ask(model, params)).rejects.toMatchObject({ code: 'not_supported' });
    expect(model.state()).toMatchObject({ crashesTotal: 0 });
    expect((await ask(model, { messages, max_tokens: 1 })).usage.completion_tokens).toBe(1);
  });

  it('one in which no token is allowed leaves the next request alone', async () => {
    const messages = [{ role: 'user', content: 'baba' }];
    const bans = Object.fromEntries(Array.from({ length: 512 }, (_, token) => [token, -100]));
    const plain = { messages, max_tokens: 8, temperature: 0 };
    const before = await ask(model, plain);
    for (const logprobs of [false, true]) {
      const impossible = { messages, logprobs, response_format: { type: 'json_object' } };
      const answer = ask(model, { ...impossible, logit_bias: bans, max_tokens: 4 });
      await expect(answer).rejects.toMatchObject({
        code: 'invalid_request',
        body: { param: 'logit_bias', message: expect.stringContaining('response_format') },
      });
      const after = await ask(model, plain);
      expect(after.choices[0].message.content).toBe(before.choices[0].message.content);
    }
    expect(model.state()).toMatchObject({ crashesTotal: 0 });
  });
});
