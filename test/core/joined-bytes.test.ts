import { describe, expect, it } from 'vitest';
import { JoinedBytes } from '../../src/core/joined-bytes.ts';
import { freeBytes } from '../../src/http/free-bytes.ts';

/** Pieces with memory of their own, as a request's come. */
function pieces(...lengths: readonly number[]): Buffer[] {
  return lengths.map((length, index) => Buffer.allocUnsafeSlow(length).fill(65 + index));
}

describe('the pieces of a body', () => {
  it.each([
    ['none', []],
    ['one', [30]],
    ['short ones', [1, 2, 3, 500]],
    ['long ones', [65_000, 65_000, 20]],
    ['more than is set aside at once', [60_000, 900_000, 700_000, 1_200_000, 3]],
  ])('are joined in order: %s', (_what, lengths) => {
    const whole = Buffer.concat(pieces(...lengths));
    for (const announced of [whole.length, 0, 10]) {
      const joined = new JoinedBytes(announced);
      for (const piece of pieces(...lengths)) joined.add(piece);
      expect(joined.all().equals(whole)).toBe(true);
    }
  });

  it('give their memory back as soon as they are joined', () => {
    const all = pieces(40_000, 50_000, 100);
    const joined = new JoinedBytes(90_100, freeBytes);
    for (const piece of all) joined.add(piece);
    expect(all.map(({ length }) => length)).toEqual([0, 0, 100]);
    expect(joined.all()).toHaveLength(90_100);
  });

  it('keep memory that others share', () => {
    const shared = Buffer.allocUnsafeSlow(80_000).fill('s');
    const joined = new JoinedBytes(80_000, freeBytes);
    for (const at of [0, 40_000]) joined.add(shared.subarray(at, at + 40_000));
    expect(joined.all().equals(shared)).toBe(true);
    expect(shared).toHaveLength(80_000);
  });
});
