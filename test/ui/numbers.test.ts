import { expect, it } from 'vitest';
import { price, tokensPerSecond } from '../../src/ui/shared/numbers.ts';

it('a speed is told only of an answer that took long enough to have one', () => {
  expect(tokensPerSecond(101, 2_000)).toBe(50);
  expect(tokensPerSecond(38, 2)).toBeUndefined();
  expect(tokensPerSecond(1, 2_000)).toBeUndefined();
});

it('a price is told in cents, or finer where it is', () => {
  expect([0, 0.6, 0.075, 1.25].map(price)).toEqual(['$0.00', '$0.60', '$0.075', '$1.25']);
});
