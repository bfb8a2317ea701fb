import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbedRequest } from '../../../src/core/relay.ts';
import type { LocalModel } from '../../../src/providers/local/local.ts';
import { embeddingNeed } from '../../../src/providers/local/memory-need.ts';
import { modelFile } from '../../../src/providers/local/model-file.ts';
import { TINY, writeGguf } from '../../support/gguf-writer.ts';
import { builtChild } from '../../support/local-child.ts';
import { ask, modelFor, never } from '../../support/local-model.ts';
import { scratchFolder } from '../../support/scratch.ts';

type List = {
  readonly model: string;
  readonly data: readonly { readonly index: number; readonly embedding: number[] | string }[];
  readonly usage: { readonly prompt_tokens: number; readonly total_tokens: number };
};

/** The most memory that a model's process ever had. */
function mostBytes(model: LocalModel): number {
  const status = readFileSync(`/proc/${model.state().pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) * 1024;
}

describe('embeddings', () => {
  const scratch = scratchFolder();
  let model: LocalModel;
  let childPath: string;

  beforeAll(async () => {
    writeGguf(scratch.path('random.gguf'));
    childPath = await builtChild('embeddings');
    model = modelFor({ childPath, modelPath: scratch.path('random.gguf'), modelName: 'random' });
  });
  afterAll(async () => {
    await model.close();
    scratch.remove();
  });

  async function embed(params: EmbedRequest['params']): Promise<List> {
    const { body } = await model.embed({ params }, never());
    return JSON.parse(Buffer.from(body).toString());
  }

  it('are one vector for each input, with usage', async () => {
    const { model: name, data, usage } = await embed({ input: ['baba', 'dodo gaga'] });
    expect(name).toBe('local/random');
    expect(data.map(({ index }) => index)).toEqual([0, 1]);
    expect(data[0]?.embedding).toHaveLength(TINY.embedding);
    expect(data[0]?.embedding).not.toEqual(data[1]?.embedding);
    expect(usage.prompt_tokens).toBeGreaterThan(2);
  });

  it('have length one, as those of OpenAI', async () => {
    for (const { embedding } of (await embed({ input: ['baba', 'dodo gaga'] })).data) {
      const length = Array.isArray(embedding) ? Math.hypot(...embedding) : 0;
      expect(length).toBeCloseTo(1, 5);
    }
  });

  it('are the same for a text alone, in a list, and as its tokens', async () => {
    const [alone, listed] = [await embed({ input: 'baba' }), await embed({ input: ['baba'] })];
    expect(listed.data).toEqual(alone.data);
    const tokens = await embed({ input: [400, 401] });
    expect((await embed({ input: [[400, 401]] })).data).toEqual(tokens.data);
  });

  it('come as base64 of 32-bit floats when asked', async () => {
    const floats = (await embed({ input: 'baba' })).data[0]?.embedding;
    const packed = (await embed({ input: 'baba', encoding_format: 'base64' })).data[0]?.embedding;
    const bytes = Buffer.from(String(packed), 'base64');
    const unpacked = Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4));
    expect(unpacked).toEqual(Array.isArray(floats) ? floats.map(Math.fround) : []);
  });

  it('are shortened to unit length, and not beyond what there is', async () => {
    const short = (await embed({ input: 'baba', dimensions: 8 })).data[0]?.embedding;
    const length = Array.isArray(short) ? Math.hypot(...short) : 0;
    expect(short).toHaveLength(8);
    expect(length).toBeCloseTo(1, 5);
    await expect(embed({ input: 'baba', dimensions: 4096 })).rejects.toMatchObject({
      code: 'not_supported',
      body: { param: 'dimensions' },
    });
  });

  it('of a token beyond the vocabulary are refused', async () => {
    await expect(embed({ input: [100_000] })).rejects.toMatchObject({
      status: 400,
      code: 'invalid_request',
    });
  });

  it('of a text that does not fit are refused with both numbers', async () => {
    await expect(embed({ input: 'baba '.repeat(900) })).rejects.toMatchObject({
      code: 'context_length_exceeded',
      message: expect.stringMatching(/512.*\d{3,}/),
    });
  });

  it('of a long text are one vector of all of it', async () => {
    const long = 'baba bebe bibi '.repeat(25);
    const { data, usage } = await embed({
      input: [`dodo ${long}`, `gaga ${long}`, `dodo ${long}`],
    });
    expect(usage.prompt_tokens).toBeGreaterThan(3 * 70);
    const [first, other, again] = data.map(({ embedding }) => embedding);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('leave the chat as it was', async () => {
    const params = { messages: [{ role: 'user', content: 'ba' }], temperature: 0, max_tokens: 8 };
    const before = (await ask(model, params)).choices[0].message.content;
    await embed({ input: 'dodo' });
    expect((await ask(model, params)).choices[0].message.content).toBe(before);
  });

  it.runIf(process.platform === 'linux')(
    'take memory for their texts, not for a whole context',
    async () => {
      const modelPath = scratch.path('wide.gguf');
      const context = 131_072;
      writeGguf(modelPath, { shape: { ...TINY, context } });
      const wide = modelFor({ childPath, modelPath, modelName: 'wide', contextSize: context });
      try {
        await ask(wide, { messages: [{ role: 'user', content: 'ba' }], max_tokens: 1 });
        const before = mostBytes(wide);
        await wide.embed({ params: { input: 'dodo' } }, never());
        // A context as large as the chat's would take 64 MB.
        expect(mostBytes(wide) - before).toBeLessThan(20 * 2 ** 20);
      } finally {
        await wide.close();
      }
    },
  );

  it.runIf(process.platform === 'linux').each([
    ['piece by piece', {}],
    ['whole, where all its tokens make the vector', { 'llama.pooling_type': ['u32', 1] as const }],
  ])('take no more memory than was reckoned for a text %s', async (_how, fields) => {
    const modelPath = scratch.path('vocabulary.gguf');
    writeGguf(modelPath, { shape: { ...TINY, vocabulary: 32_768, context: 2048 }, fields });
    const file = modelFile({ path: modelPath, contextSize: 2048, budgetBytes: () => Infinity });
    const usable = await file.inspect();
    if (usable.kind !== 'usable') throw new Error(usable.reason);
    const own = modelFor({ childPath, modelPath, modelName: 'own', contextSize: 2048 });
    try {
      await ask(own, { messages: [{ role: 'user', content: 'ba' }], max_tokens: 1 });
      const before = mostBytes(own);
      for (const tokens of [200, 2_000]) {
        await own.embed({ params: { input: Array.from({ length: tokens }, () => 400) } }, never());
        const reckoned = embeddingNeed(usable.header, tokens + 2);
        expect(mostBytes(own) - before).toBeLessThan(reckoned);
        expect(mostBytes(own) - before).toBeGreaterThan(reckoned / 4);
      }
    } finally {
      await own.close();
    }
  });

  it('are refused with the figures where memory holds the chats, but not a text of that length', async () => {
    const modelPath = scratch.path('tight.gguf');
    const contextSize = 65_536;
    writeGguf(modelPath, { shape: { ...TINY, context: contextSize } });
    const file = modelFile({ path: modelPath, contextSize, budgetBytes: () => Infinity });
    const usable = await file.inspect();
    if (usable.kind !== 'usable') throw new Error(usable.reason);
    const room = usable.needBytes + embeddingNeed(usable.header, contextSize / 2);
    const memoryLimitBytes = process.memoryUsage.rss() + room;
    const tight = modelFor({
      ...{ childPath, modelPath, modelName: 'tight', contextSize, memoryLimitBytes },
    });
    const tokens = (count: number) => Array.from({ length: count }, () => 400);
    try {
      const params = { input: tokens(60_000) };
      await expect(tight.embed({ params }, never())).rejects.toMatchObject({
        status: 400,
        code: 'context_length_exceeded',
        message: expect.stringMatching(/memory for embeddings of \d+ tokens.* takes 60000/),
      });
      await tight.embed({ params: { input: tokens(200) } }, never());
      expect(tight.state().contextSize).toBe(contextSize);
    } finally {
      await tight.close();
    }
  });

  it('are refused by a model that has none worth having', async () => {
    const lifeboat = modelFor({ childPath });
    await expect(lifeboat.embed({ params: { input: 'x' } }, never())).rejects.toMatchObject({
      code: 'not_supported',
    });
    expect(lifeboat.state().loadsTotal).toBe(0);
    await lifeboat.close();
  });
});
