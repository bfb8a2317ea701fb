import { test as base } from 'vitest';
import { startLab } from '../../tools/lab/lab.ts';
import type { Lab } from '../../tools/lab/lab-contract.ts';

/** A test with a lab of its own, closed when the test ends. */
export const test = base.extend<{ lab: Lab }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest wants the pattern.
  lab: async ({}, use) => {
    const lab = await startLab();
    await use(lab);
    await lab.close();
  },
});
