import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { performance } from 'node:perf_hooks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LocalModel, LocalOptions } from '../../../src/providers/local/local.ts';
import { TINY, writeGguf } from '../../support/gguf-writer.ts';
import { builtChild } from '../../support/local-child.ts';
import {
  ask,
  chatRequest,
  eventsOf,
  lifeboatPath,
  modelFor,
  never,
} from '../../support/local-model.ts';
import { promised } from '../../support/promised.ts';
import { scratchFolder } from '../../support/scratch.ts';

const scratch = scratchFolder();
const broken: LocalModel[] = [];
let childPath: string;

beforeAll(async () => {
  childPath = await builtChild('bad-files');
});
afterEach(() => Promise.all(broken.splice(0).map((model) => model.close())));
afterAll(() => scratch.remove());

function modelOf(modelPath: string, options: Partial<LocalOptions> = {}): LocalModel {
  const model = modelFor({ childPath, modelPath, ...options });
  broken.push(model);
  return model;
}

/** Asks once and returns what the caller reads, and after how long. */
async function refusalOf(model: LocalModel) {
  const start = performance.now();
  const error = await ask(model, 'Hello').catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'local_model_unavailable', status: 503 });
  const message = error instanceof Error ? error.message : '';
  expect(message).not.toMatch(/\/\w|\n\s+at /);
  return { message, tookMs: performance.now() - start };
}

describe('a file that is no model is a clear error at once, without a process:', () => {
  const bytes = readFileSync(lifeboatPath);
  const cases: [name: string, content: Buffer | undefined, message: RegExp][] = [
    ['missing', undefined, /missing/],
    ['empty', Buffer.alloc(0), /not a GGUF file/],
    ['a web page', Buffer.from(`<!doctype html>${' '.repeat(100)}`), /not a GGUF file/],
    ['random bytes', Buffer.alloc(5_000, 0xa7), /not a GGUF file/],
    ['cut in the header', bytes.subarray(0, 20_000), /cut short/],
    ['cut in the weights', bytes.subarray(0, bytes.length - 4_096), /cut short/],
    ['cut after the magic', bytes.subarray(0, 30), /cut short/],
  ];

  it.each(cases)('%s', async (name, content, expected) => {
    const path = scratch.path(`${name}.gguf`);
    if (content) writeFileSync(path, content);
    const model = modelOf(path);
    const { message, tookMs } = await refusalOf(model);
    expect(message).toMatch(expected);
    expect(tookMs).toBeLessThan(promised(200));
    expect(model.available()).toBe(false);
    expect(model.state().loadsTotal).toBe(0);
  });

  it('a folder', async () => {
    const { message } = await refusalOf(modelOf(scratch.path('.')));
    expect(message).toMatch(/not a file|can't be read/);
  });

  it('with no attention heads, which would abort llama.cpp', async () => {
    const path = scratch.path('headless.gguf');
    writeGguf(path, { fields: { 'llama.attention.head_count': ['u32', 0] } });
    expect((await refusalOf(modelOf(path))).message).toMatch(/head_count/);
  });
});

describe('a file that llama.cpp refuses', () => {
  it('is one clear error, and is not tried again until it changes', async () => {
    const path = scratch.path('strange.gguf');
    writeGguf(path, { fields: { 'general.architecture': ['text', 'strange'], ...strange() } });
    const model = modelOf(path);
    expect((await refusalOf(model)).message).toMatch(/could not be loaded/);
    expect((await refusalOf(model)).tookMs).toBeLessThan(promised(50));
    expect(model.state()).toMatchObject({ state: 'broken', loadsTotal: 1 });
    copyFileSync(lifeboatPath, path);
    expect((await ask(model, 'Hello')).choices[0].finish_reason).toBe('stop');
  });

  it('by aborting is one clear error too, and is not tried again', async () => {
    const path = scratch.path('aborting.gguf');
    writeGguf(path, { fields: { 'tokenizer.ggml.model': ['text', 'bert'] } });
    const model = modelOf(path);
    expect((await refusalOf(model)).message).toMatch(/could not be loaded/);
    await refusalOf(model);
    expect(model.state()).toMatchObject({ state: 'broken', loadsTotal: 1 });
  });

  it('because a tensor is missing is one clear error', async () => {
    const path = scratch.path('layerless.gguf');
    writeGguf(path, { fields: { 'llama.block_count': ['u32', TINY.layers + 1] } });
    expect((await refusalOf(modelOf(path))).message).toMatch(/could not be loaded/);
  });
});

function strange() {
  return Object.fromEntries(
    ['block_count', 'context_length', 'embedding_length', 'attention.head_count'].map((key) => {
      return [`strange.${key}`, ['u32', 64] as const];
    }),
  );
}

describe('a file that changes while it is in use', () => {
  it('replaced by another model is loaded anew', async () => {
    const path = scratch.path('replaced.gguf');
    copyFileSync(lifeboatPath, path);
    const model = modelOf(path);
    await ask(model, 'Hello');
    const other = scratch.path('other.gguf');
    writeGguf(other);
    renameSync(other, path);
    const messages = [{ role: 'user', content: 'ba' }];
    expect((await ask(model, { messages, max_tokens: 3 })).usage.completion_tokens).toBe(3);
    expect(model.state()).toMatchObject({ loadsTotal: 2, contextSize: TINY.context });
  });

  it('replaced during an answer is left alone until that is whole, also by a warm-up', async () => {
    const path = scratch.path('replaced-in-use.gguf');
    const wide = { ...TINY, context: 4096 };
    writeGguf(path, { shape: wide });
    const model = modelOf(path, { contextSize: 4096 });
    const messages = [{ role: 'user', content: 'ba' }];
    const streamed = chatRequest({ messages, stream: true, max_tokens: 1500, temperature: 0 });
    const reply = await model.chat(streamed, never());
    writeGguf(scratch.path('other-wide.gguf'), { shape: wide, seed: 2 });
    renameSync(scratch.path('other-wide.gguf'), path);
    model.warm();
    const events = await eventsOf(reply);
    expect(events.at(-1)?.chunk.choices[0]?.finish_reason).toBe('length');
    await ask(model, { messages, max_tokens: 1 });
    expect(model.state()).toMatchObject({ loadsTotal: 2, crashesTotal: 0 });
  });

  it('deleted lives on in memory, and is missed after that', async () => {
    const path = scratch.path('deleted.gguf');
    copyFileSync(lifeboatPath, path);
    const model = modelOf(path, { idleUnloadMs: 300 });
    await ask(model, 'Hello');
    rmSync(path);
    expect((await ask(model, 'Hello')).choices[0].finish_reason).toBe('stop');
    while (model.state().pid) await new Promise((next) => setTimeout(next, 20));
    expect(model.state()).toMatchObject({
      state: 'broken',
      reason: expect.stringContaining('missing'),
    });
    expect((await refusalOf(model)).message).toMatch(/missing/);
    copyFileSync(lifeboatPath, path);
    expect((await ask(model, 'Hello')).choices[0].finish_reason).toBe('stop');
  });

  it('cut while it is in use is one clear error; a whole one is used again', async () => {
    const path = scratch.path('cut.gguf');
    copyFileSync(lifeboatPath, path);
    const model = modelOf(path);
    await ask(model, 'Hello');
    truncateSync(path, 500_000);
    expect((await refusalOf(model)).message).toMatch(/cut short/);
    copyFileSync(lifeboatPath, path);
    appendFileSync(path, '');
    expect((await ask(model, 'Hello')).choices[0].finish_reason).toBe('stop');
  });
});

describe('a model that is too big for the memory allowed', () => {
  it('is refused with the figures and one that fits', async () => {
    const { message } = await refusalOf(modelOf(lifeboatPath, { memoryLimitBytes: 50 * 2 ** 20 }));
    expect(message).toMatch(/needs at least \d+ MB .* lifeboat/s);
  });

  it('gets a smaller context when that makes it fit', async () => {
    const path = scratch.path('wide.gguf');
    writeGguf(path, { shape: { ...TINY, embedding: 512, heads: 4, headsKv: 4, context: 32_768 } });
    const memoryLimitBytes = process.memoryUsage.rss() + 130 * 2 ** 20;
    const model = modelOf(path, { contextSize: 32_768, modelName: 'wide', memoryLimitBytes });
    const messages = [{ role: 'user', content: 'ba' }];
    await ask(model, { messages, max_tokens: 2 });
    expect(model.state().contextSize).toBeGreaterThanOrEqual(256);
    expect(model.state().contextSize).toBeLessThan(32_768);
  });
});
