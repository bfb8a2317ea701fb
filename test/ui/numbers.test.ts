import { expect, it } from 'vitest';
import { tokensPerSecond } from '../../src/ui/shared/numbers.ts';

it('a speed is told only of an answer that took long enough to have one', () => {
  expect(tokensPerSecond(101, 2_000)).toBe(50);
  expect(tokensPerSecond(38, 2)).toBeUndefined();
  expect(tokensPerSecond(1, 2_000)).toBeUndefined();
});
