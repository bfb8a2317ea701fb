import { expect, it } from 'vitest';
import { strideOf } from '../../../src/providers/local/child/stride.ts';

/** Walks an answer whose tokens take so much CPU time each. */
function walk(steps: readonly number[]): void {
  let now = 0;
  const stride = strideOf('tools', { cpuMs: () => now });
  for (const ms of [0, ...steps]) {
    now += ms;
    stride.step();
  }
}

it('a token that takes far longer than the others ends an answer, by the field at fault', () => {
  expect(() => walk([10, 20, 2_100])).toThrow(
    expect.objectContaining({ refusal: expect.objectContaining({ param: 'tools' }) }),
  );
});

it('a large model is slow at each token, and waited for', () => {
  expect(() => walk([2_500, 2_400, 9_000, 2_500])).not.toThrow();
});
