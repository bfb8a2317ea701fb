import { expect, it } from 'vitest';
import { guessLimiter } from '../../src/http/middleware/guess-limiter.ts';

/** Whether the second address is locked out by guesses that came from the first. */
async function shareALimit(one: string, other: string): Promise<boolean> {
  const limiter = guessLimiter({ guesses: 1 });
  await limiter.count(one);
  await limiter.count(one).catch(() => undefined);
  return limiter.refuseIfLocked(other).then(
    () => false,
    () => true,
  );
}

it.each([
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2:9:9:9:9'],
  ['2001:db8::3:4:5:6', '2001:db8::9:9:9:9'],
  ['2001:db8:0:0:3:4:5:6', '2001:db8::1'],
  ['2001:db8::1', '2001:db8::2'],
  ['192.0.2.1', '192.0.2.1'],
  ['192.0.2.1:50001', '192.0.2.1:50002'],
  ['[2001:db8::1]:50001', '[2001:db8::2]:50002'],
  ['[2001:db8::1]', '2001:db8::2'],
])('%s and %s are one caller', async (one, other) => {
  expect(await shareALimit(one, other)).toBe(true);
});

it.each([
  ['2001:db8:1:2::1', '2001:db8:1:3::1'],
  ['2001:db8::1', '2001:db9::1'],
  ['192.0.2.1', '192.0.2.2'],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.2'],
  ['192.0.2.1:50001', '192.0.2.2:50001'],
  ['[2001:db8::1]:50001', '[2001:db9::1]:50001'],
])('%s and %s are two callers', async (one, other) => {
  expect(await shareALimit(one, other)).toBe(false);
});
