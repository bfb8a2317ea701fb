import { readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { afterAll, describe, expect, it } from 'vitest';
import { ApiError } from '../../../src/core/errors.ts';
import { BadGguf } from '../../../src/providers/local/bad-gguf.ts';
import { readGgufHeader } from '../../../src/providers/local/gguf.ts';
import { mutations } from '../../support/gguf-mutations.ts';
import { writeGguf } from '../../support/gguf-writer.ts';
import { builtChild } from '../../support/local-child.ts';
import { ask, modelFor } from '../../support/local-model.ts';
import { promised } from '../../support/promised.ts';
import { scratchFolder } from '../../support/scratch.ts';

const FILES = 100;
/** Starting the model's process takes a second; so many of the survivors meet llama.cpp here. */
const TRIED = 4;

describe('a damaged header', () => {
  const scratch = scratchFolder();
  afterAll(() => scratch.remove());

  async function verdict(path: string, bytes: number): Promise<string> {
    const file = await open(path);
    try {
      await readGgufHeader(file, bytes);
      return 'readable';
    } catch (error) {
      expect(error).toBeInstanceOf(BadGguf);
      return 'refused';
    } finally {
      await file.close();
    }
  }

  it('is refused or read, quickly, and never worse than one clear error', async () => {
    const path = scratch.path('whole.gguf');
    writeGguf(path);
    const whole = readFileSync(path);
    const readable: string[] = [];
    const start = performance.now();
    for (const [index, bytes] of [...mutations(whole, { count: FILES, seed: 1 })].entries()) {
      const damaged = scratch.path(`damaged-${index}.gguf`);
      writeFileSync(damaged, bytes);
      if ((await verdict(damaged, bytes.length)) === 'readable') readable.push(damaged);
    }
    expect(performance.now() - start).toBeLessThan(promised(3_000));
    expect(readable.length).toBeLessThan(FILES);

    const childPath = await builtChild('fuzz');
    for (const modelPath of readable.slice(0, TRIED)) {
      const model = modelFor({ childPath, modelPath, modelName: 'random', watchdogMs: 5_000 });
      const messages = [{ role: 'user', content: 'ba' }];
      const outcome = await ask(model, { messages, max_tokens: 2 }).catch(
        (error: unknown) => error,
      );
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(ApiError);
      await model.close();
    }
  }, 60_000);
});
