import { open } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { type GgufHeader, readGgufHeader } from '../../../src/providers/local/gguf.ts';
import type { Field } from '../../support/gguf-header.ts';
import { SLOW, TINY, writeGguf } from '../../support/gguf-writer.ts';
import { scratchFolder } from '../../support/scratch.ts';

describe("a model file's header", () => {
  const scratch = scratchFolder();
  afterAll(() => scratch.remove());

  async function headerOf(options: Parameters<typeof writeGguf>[1]): Promise<GgufHeader> {
    const path = scratch.path('model.gguf');
    writeGguf(path, options);
    const file = await open(path);
    try {
      return await readGgufHeader(file, (await file.stat()).size);
    } finally {
      await file.close();
    }
  }

  it('tells the shape, the vocabulary, the template and the size of the weights', async () => {
    expect(await headerOf({ shape: SLOW, template: 'the template' })).toMatchObject({
      architecture: 'llama',
      layers: SLOW.layers,
      embedding: SLOW.embedding,
      heads: SLOW.heads,
      headsKv: SLOW.headsKv,
      keyLength: SLOW.embedding / SLOW.heads,
      trainContext: SLOW.context,
      vocabulary: SLOW.vocabulary,
      fileType: 7,
      chatTemplate: 'the template',
      weightBytes: expect.closeTo(55_773_184, -2),
    });
  });

  it('may list a value for each layer, of which the greatest counts', async () => {
    const fields = { 'llama.attention.head_count_kv': ['u32s', [0, 2, 0, 1]] } as const;
    expect((await headerOf({ fields })).headsKv).toBe(2);
  });

  it('of an architecture without attention may name no heads', async () => {
    const shape: Record<string, Field> = {
      'general.architecture': ['text', 'mamba'],
      'mamba.block_count': ['u32', 2],
      'mamba.context_length': ['u32', 512],
      'mamba.embedding_length': ['u32', TINY.embedding],
      'mamba.attention.head_count': ['u32', 0],
    };
    expect(await headerOf({ fields: shape })).toMatchObject({ architecture: 'mamba', heads: 1 });
  });

  it('reads templates longer than a window of the file', async () => {
    const template = 'x'.repeat(600_000);
    expect((await headerOf({ template })).chatTemplate).toHaveLength(600_000);
  });
});
