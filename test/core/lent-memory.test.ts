import { afterEach, describe, expect, it, vi } from 'vitest';
import { lentMemory } from '../../src/core/lent-memory.ts';

const KB = 1024;

afterEach(() => {
  vi.useRealTimers();
});

describe('memory for bodies', () => {
  it('is lent again once it was given back, not before', () => {
    const memory = lentMemory();
    const first = memory.take(100 * KB);
    const second = memory.take(100 * KB);
    expect(second.buffer).not.toBe(first.buffer);
    memory.giveBack(first.subarray(0, 5));
    const third = memory.take(90 * KB);
    expect(third.buffer).toBe(first.buffer);
    expect(third.length).toBeGreaterThanOrEqual(90 * KB);
  });

  it('is lent once, however often it is given back', () => {
    const memory = lentMemory();
    const lent = memory.take(100 * KB);
    memory.giveBack(lent);
    memory.giveBack(lent);
    const again = [memory.take(100 * KB), memory.take(100 * KB)];
    expect(again[0]?.buffer).toBe(lent.buffer);
    expect(again[1]?.buffer).not.toBe(lent.buffer);
  });

  it('is the smallest that fits, and none that would be mostly idle', () => {
    const memory = lentMemory();
    const [small, large, huge] = [memory.take(100 * KB), memory.take(150 * KB), memory.take(5e6)];
    for (const each of [huge, large, small]) memory.giveBack(each);
    expect(memory.take(110 * KB).buffer).toBe(small.buffer);
    expect(memory.take(110 * KB).buffer).toBe(large.buffer);
    expect(memory.take(110 * KB).buffer).not.toBe(huge.buffer);
  });

  it('is not what others own', () => {
    const memory = lentMemory();
    const own = Buffer.allocUnsafeSlow(100 * KB);
    expect(memory.lent(own)).toBe(false);
    memory.giveBack(own);
    expect(memory.take(100 * KB).buffer).not.toBe(own.buffer);
    expect(memory.lent(memory.take(KB))).toBe(false);
  });

  it('is kept up to a limit, and let go when nobody has used it for a while', () => {
    vi.useFakeTimers();
    const memory = lentMemory({ mostBytes: 300 * KB, idleMs: 1_000 });
    const all = Array.from({ length: 4 }, () => memory.take(128 * KB));
    for (const each of all) memory.giveBack(each);
    const ready = all
      .map(() => memory.take(128 * KB))
      .filter(({ buffer }) => all.some((each) => each.buffer === buffer));
    expect(ready).toHaveLength(2);
    for (const each of ready) memory.giveBack(each);
    vi.advanceTimersByTime(1_001);
    const later = memory.take(128 * KB);
    expect(all.some(({ buffer }) => buffer === later.buffer)).toBe(false);
  });
});
