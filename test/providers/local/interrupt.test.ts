import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TRIED } from '../../../src/providers/local/child/interrupt.ts';
import type { LocalModel } from '../../../src/providers/local/local.ts';
import { untilWorked } from '../../support/cpu-time.ts';
import { SLOW, writeGguf } from '../../support/gguf-writer.ts';
import { builtChild } from '../../support/local-child.ts';
import { ask, chatRequest, modelFor, never } from '../../support/local-model.ts';
import { scratchFolder } from '../../support/scratch.ts';

const LONG = { timeout: 60_000 };
const pause = (ms: number) => new Promise((next) => setTimeout(next, ms));
const scratch = scratchFolder();
const models: LocalModel[] = [];

beforeAll(() => {
  writeGguf(scratch.path('slow.gguf'), { shape: SLOW });
});
afterAll(async () => {
  await Promise.all(models.map((model) => model.close()));
  scratch.remove();
});

function modelOf(childPath: string): LocalModel {
  const modelPath = scratch.path('slow.gguf');
  const model = modelFor({ childPath, modelPath, modelName: 'random', contextSize: 2048 });
  models.push(model);
  return model;
}

const text = (start: string) => `${start} ${'baba bebe bibi '.repeat(50)}`;

function question(start: string) {
  return { messages: [{ role: 'user', content: text(start) }], max_tokens: 4 };
}

async function answer(model: LocalModel, start: string) {
  const { choices, usage } = await ask(model, { ...question(start), temperature: 0 });
  const { prompt_tokens: prompt, prompt_tokens_details: details } = usage;
  return { text: choices[0].message.content, prompt, cached: details.cached_tokens };
}

/** Starts something, and cancels it after so much of the model's work. */
async function cancelled(
  model: LocalModel,
  start: (signal: AbortSignal) => Promise<unknown>,
  afterMs: number,
): Promise<void> {
  const controller = new AbortController();
  const pending = start(controller.signal).catch(() => {});
  await untilWorked(model.state().pid, afterMs);
  controller.abort();
  await pending;
  while (model.state().state === 'busy') await pause(2);
}

describe.each([
  { name: 'where llama.cpp can be interrupted', missing: undefined },
  { name: 'where a package for that is missing', missing: 'koffi' },
])('a cancelled evaluation, $name', ({ missing }) => {
  let childPath: string;

  beforeAll(async () => {
    childPath = await builtChild(`interrupt-${missing ?? 'all'}`, missing ? { missing } : {});
  });

  it('changes no later answer, and what was finished needs no work again', LONG, async () => {
    const model = modelOf(childPath);
    const untouched = modelOf(childPath);
    await answer(model, 'first');
    await answer(untouched, 'first');
    const kept = [];
    for (const afterMs of [60, 900]) {
      const start = `after ${afterMs}`;
      const asked = chatRequest(question(start));
      await cancelled(model, (signal) => model.chat(asked, signal), afterMs);
      const again = await answer(model, start);
      expect(again.text).toBe((await answer(untouched, start)).text);
      kept.push(again.cached);
    }
    expect(Math.max(...kept)).toBeGreaterThan(50);
    expect(model.state()).toMatchObject({ loadsTotal: 1, failedTotal: 0 });
  });

  it('changes no later vector', LONG, async () => {
    const model = modelOf(childPath);
    const params = { input: text('vector') };
    const first = await model.embed({ params }, never());
    const asked = { params: { input: text('another') } };
    await cancelled(model, (signal) => model.embed(asked, signal), 100);
    expect(await model.embed({ params }, never())).toEqual(first);
    expect(model.state()).toMatchObject({ loadsTotal: 1, failedTotal: 0 });
  });
});

function installed(file: string) {
  const path = new URL(`../../../node_modules/node-llama-cpp/${file}`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8'));
}

describe('the way into llama.cpp', () => {
  it('was tried with what is installed: after an update, see interrupt.ts', () => {
    const { version } = installed('package.json');
    const { release } = installed('llama/binariesGithubRelease.json');
    expect({ library: version, llamaCpp: release }).toMatchObject({
      library: TRIED.library,
      llamaCpp: TRIED.llamaCpp,
    });
  });
});
