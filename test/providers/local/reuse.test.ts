import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalModel } from '../../../src/providers/local/local.ts';
import { TINY, writeGguf } from '../../support/gguf-writer.ts';
import { builtChild } from '../../support/local-child.ts';
import { ask, modelFor } from '../../support/local-model.ts';
import { scratchFolder } from '../../support/scratch.ts';

const scratch = scratchFolder();
let childPath: string;
const models: LocalModel[] = [];

beforeAll(async () => {
  childPath = await builtChild('reuse');
  writeGguf(scratch.path('random.gguf'), { shape: { ...TINY, context: 2048 } });
});
afterAll(async () => {
  await Promise.all(models.map((model) => model.close()));
  scratch.remove();
});

function fresh(stateCacheBytes: number): LocalModel {
  const modelPath = scratch.path('random.gguf');
  const model = modelFor({
    childPath,
    modelPath,
    modelName: 'random',
    contextSize: 2048,
    stateCacheBytes,
  });
  models.push(model);
  return model;
}

const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });

async function greedy(model: LocalModel, messages: { role: string; content: string }[]) {
  const { choices, usage } = await ask(model, { messages, temperature: 0, max_tokens: 24 });
  return {
    text: choices[0].message.content,
    prompt: usage.prompt_tokens,
    cached: usage.prompt_tokens_details.cached_tokens,
  };
}

describe('a second turn', () => {
  it('evaluates only what is new, and answers as if all were', async () => {
    const model = fresh(0);
    const opening = user('baba bebe '.repeat(40));
    const first = await greedy(model, [opening]);
    expect(first.cached).toBe(0);
    const chat = [opening, assistant(first.text), user('dodo')];
    const second = await greedy(model, chat);
    expect(second.cached).toBeGreaterThanOrEqual(first.prompt - 1);
    expect(second.prompt - second.cached).toBeLessThan(60);
    const anew = await greedy(fresh(0), chat);
    expect(anew.cached).toBe(0);
    expect(second.text).toBe(anew.text);
  });
});

describe('two chats in turns', () => {
  const red = user(`red ${'baba bebe '.repeat(40)}`);
  const blue = user(`blue ${'dodo gaga '.repeat(40)}`);

  it('each find their state again, and get the same answers as without', async () => {
    const model = fresh(32 * 2 ** 20);
    const plain = fresh(0);
    const expected = [await greedy(plain, [red]), await greedy(plain, [blue])];
    expect((await greedy(model, [red])).text).toBe(expected[0]?.text);
    expect((await greedy(model, [blue])).text).toBe(expected[1]?.text);
    for (const [chat, before] of [
      [red, expected[0]],
      [blue, expected[1]],
      [red, expected[0]],
    ] as const) {
      const again = await greedy(model, [chat, assistant(before?.text ?? ''), user('more')]);
      const anew = await greedy(plain, [chat, assistant(before?.text ?? ''), user('more')]);
      expect(again.cached).toBeGreaterThanOrEqual((before?.prompt ?? 0) - 1);
      expect(again.text).toBe(anew.text);
    }
  });

  it('keep no state beyond the limit', async () => {
    const model = fresh(1_000);
    await greedy(model, [red]);
    await greedy(model, [blue]);
    expect((await greedy(model, [red])).cached).toBeLessThan(20);
  });
});
