import { expect, it } from 'vitest';
import { sampler } from '../../../src/ops/traces/sampler.ts';

const parent = (isSampled: boolean) => ({ traceId: '', spanId: '', isSampled });
const low = `${'0'.repeat(18)}40000000000000`;
const high = `${'0'.repeat(18)}c0000000000000`;

it('takes a share of all traces, the same ones everywhere', () => {
  const half = sampler({ name: 'traceidratio', ratio: 0.5 });
  expect([half(low, undefined), half(high, undefined)]).toEqual([false, true]);
  expect(half(low, parent(true))).toBe(false);
  expect(sampler({ name: 'traceidratio', ratio: 1 })('0'.repeat(32), undefined)).toBe(true);
  expect(sampler({ name: 'traceidratio', ratio: 0 })('f'.repeat(32), undefined)).toBe(false);
});

it('does as the caller does, where it is told to', () => {
  const follows = sampler({ name: 'parentbased_traceidratio', ratio: 0.5 });
  expect([follows(low, parent(true)), follows(high, parent(false))]).toEqual([true, false]);
  expect([follows(low, undefined), follows(high, undefined)]).toEqual([false, true]);
  const alone = sampler({ name: 'parentbased_always_off', ratio: 1 });
  expect([alone(high, undefined), alone(high, parent(true))]).toEqual([false, true]);
});
