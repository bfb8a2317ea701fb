import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LocalModel } from '../../../src/providers/local/local.ts';
import { builtChild } from '../../support/local-child.ts';
import { ask, modelFor } from '../../support/local-model.ts';

/**
 * On real weights: kept and fresh states differ in their last bits, which only decides where two
 * tokens are all but equally likely, as they are in noise.
 */
describe('a chat that goes on', () => {
  let childPath: string;
  const models: LocalModel[] = [];

  beforeAll(async () => {
    childPath = await builtChild('reuse');
  });
  afterEach(async () => {
    await Promise.all(models.splice(0).map((model) => model.close()));
  });

  function fresh(stateCacheBytes: number): LocalModel {
    const model = modelFor({ childPath, stateCacheBytes });
    models.push(model);
    return model;
  }

  const user = (content: string) => ({ role: 'user', content });
  const assistant = (content: string) => ({ role: 'assistant', content });
  const key =
    'Hello! I just joined the team today. How would I get hold of the key for this week, and ' +
    'which header does it want? Which HTTP call hands me the key that is valid at the moment?';
  const groq =
    'Good day to you! Who is Groq, and what do they do? Did the connection to Groq drop today, ' +
    'and when can I expect the proper model again? Your replies seem shorter than last week.';

  async function greedy(model: LocalModel, messages: { role: string; content: string }[]) {
    const { choices, usage } = await ask(model, { messages });
    return {
      text: choices[0].message.content,
      prompt: usage.prompt_tokens,
      cached: usage.prompt_tokens_details.cached_tokens,
    };
  }

  it('evaluates only what is new, and answers as if all were', async () => {
    const model = fresh(0);
    const first = await greedy(model, [user(key)]);
    expect(first.cached).toBe(0);
    const chat = [user(key), assistant(first.text), user('Thank you! What can you do?')];
    const second = await greedy(model, chat);
    expect(second.cached).toBeGreaterThanOrEqual(first.prompt - 1);
    expect(second.prompt - second.cached).toBeLessThan(40);
    const anew = await greedy(fresh(0), chat);
    expect(anew.cached).toBe(0);
    expect(second.text).toBe(anew.text);
  });

  it('beside another one finds its state again, and gets the same answers', async () => {
    const model = fresh(32 * 2 ** 20);
    const plain = fresh(0);
    const answers = new Map<string, string>();
    for (const opening of [key, groq]) {
      const { text } = await greedy(model, [user(opening)]);
      expect(text).toBe((await greedy(plain, [user(opening)])).text);
      answers.set(opening, text);
    }
    for (const opening of [key, groq, key]) {
      const chat = [user(opening), assistant(answers.get(opening) ?? ''), user('Who are you?')];
      const again = await greedy(model, chat);
      expect(again.cached).toBeGreaterThan(40);
      expect(again.text).toBe((await greedy(plain, chat)).text);
    }
  });

  it('is still kept when one came between that is too long to be', async () => {
    const model = fresh(1_500_000);
    const long = Array.from({ length: 4 }, () => `${key} ${groq}`).join(' ');
    const first = await greedy(model, [user(key)]);
    await greedy(model, [user(long)]);
    await greedy(model, [user(groq)]);
    expect((await greedy(model, [user(key)])).cached).toBe(first.prompt - 1);
  });

  it('keeps no state beyond the limit', async () => {
    const model = fresh(1_000);
    await greedy(model, [user(key)]);
    await greedy(model, [user(groq)]);
    expect((await greedy(model, [user(key)])).cached).toBeLessThan(20);
  });
});
