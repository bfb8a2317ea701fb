import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelFile } from '../../../src/providers/local/model-file.ts';
import { openFor } from '../../../src/providers/local/opening.ts';
import { TINY, writeGguf } from '../../support/gguf-writer.ts';
import { builtChild } from '../../support/local-child.ts';
import { scratchFolder } from '../../support/scratch.ts';

describe.runIf(process.platform === 'linux')("a model's weights", () => {
  const scratch = scratchFolder();
  const modelPath = scratch.path('weights.gguf');
  let childPath: string;

  beforeAll(async () => {
    writeGguf(modelPath);
    childPath = await builtChild('opening');
  });
  afterAll(() => scratch.remove());

  /** Whether a session with so much of a CPU maps the file, and what its process was told. */
  async function opened(cpuQuota: number | undefined) {
    const file = modelFile({
      path: modelPath,
      contextSize: TINY.context,
      budgetBytes: () => 2 ** 30,
    });
    const usable = await file.inspect();
    if (usable.kind !== 'usable') throw new Error(usable.reason);
    const session = openFor({ childPath, modelPath, threads: 1, cpuQuota }, usable);
    await session.loaded;
    const proc = (name: string) => readFileSync(`/proc/${session.pid}/${name}`, 'utf8');
    const found = {
      isMapped: proc('maps').includes(modelPath),
      wantsHugePages: proc('environ').includes('glibc.malloc.hugetlb=1'),
    };
    session.close();
    await session.gone;
    return found;
  }

  it('are read into memory that may lie on huge pages', async () => {
    expect(await opened(undefined)).toEqual({ isMapped: false, wantsHugePages: true });
    expect(await opened(0.5)).toEqual({ isMapped: false, wantsHugePages: true });
  });

  it('are mapped where a tenth of a CPU would read them for long', async () => {
    expect(await opened(0.1)).toEqual({ isMapped: true, wantsHugePages: false });
  });
});

it('a file that did not fit is used as soon as there is room for it', async () => {
  const scratch = scratchFolder();
  const path = scratch.path('tight.gguf');
  writeGguf(path);
  let budget = 2 ** 20;
  const file = modelFile({ path, contextSize: TINY.context, budgetBytes: () => budget });
  expect(await file.inspect()).toMatchObject({ kind: 'unusable' });
  expect(file.seemsUsable()).toBe(false);
  budget = 2 ** 30;
  expect(file.seemsUsable()).toBe(true);
  expect(await file.inspect()).toMatchObject({ kind: 'usable', contextSize: TINY.context });
  scratch.remove();
});
