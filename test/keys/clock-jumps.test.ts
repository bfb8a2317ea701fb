import { describe, expect, it } from 'vitest';
import type { KeyState } from '../../src/keys/key-state.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { DAY, fakeClock, HOUR, NOON, WEEK } from '../support/fake-clock.ts';
import { derivedRing, storedRing } from '../support/rings.ts';

const MONTH = 30 * DAY;

describe.each([
  ['stored', storedRing],
  ['derived', derivedRing],
])('a %s key', (_mode, open) => {
  it('that slept past its expiry does not pass when the machine wakes up', async () => {
    const clock = fakeClock();
    const ring = await open({ clock });
    const { key } = await ring.current();
    clock.advance(3 * WEEK + 5 * HOUR);
    expect((await ring.check(key)).kind).toBe('expired');
  });

  it('turns once when the clock jumps a month ahead and back', async () => {
    const clock = fakeClock();
    const turns: string[] = [];
    const ring = await open({ clock, onTurned: (_keyId, reason) => turns.push(reason) });
    const old = await ring.current();
    clock.advance(MONTH);
    const ahead = await ring.current();
    clock.advance(-MONTH);
    for (let hour = 0; hour < 24; hour++) {
      await ring.look();
      expect((await ring.check(old.key)).kind).toBe('expired');
      expect((await ring.current()).key).toBe(ahead.key);
      clock.advance(HOUR);
    }
    expect(turns).toEqual(['first', 'expired']);
  });

  it('keeps passing when the clock falls back a month', async () => {
    const clock = fakeClock();
    const ring = await open({ clock });
    const { key } = await ring.current();
    clock.advance(-MONTH);
    expect((await ring.check(key)).kind).toBe('valid');
    expect((await ring.current()).key).toBe(key);
  });
});

it('a stored key from the future lives at most one period after the clock came back', async () => {
  const clock = fakeClock();
  const ring = await storedRing({ clock });
  clock.advance(MONTH);
  const { key } = await ring.current();
  clock.advance(-MONTH);
  expect(await ring.current()).toMatchObject({ key, createdAt: NOON, expiresAt: NOON + WEEK });
  clock.advance(WEEK);
  expect((await ring.check(key)).kind).toBe('expired');
});

it('a stored key from the future is re-anchored by a restart, too', async () => {
  const store = memoryStore<KeyState>();
  const ahead = await storedRing({ store, clock: fakeClock(NOON + MONTH) });
  const { key } = await ahead.current();
  const back = await storedRing({ store });
  expect(await back.current()).toMatchObject({ key, expiresAt: NOON + WEEK });
  expect((await store.read())?.key?.expires_at).toBe(NOON + WEEK);
});

it('a derived key follows the clock again after a restart', async () => {
  const ahead = await derivedRing({ clock: fakeClock(NOON + MONTH) });
  const back = await derivedRing();
  expect((await back.current()).key).not.toBe((await ahead.current()).key);
});

it('a derived key turned by hand after the clock fell back does not go back to an earlier week', async () => {
  const clock = fakeClock();
  const ring = await derivedRing({ clock });
  clock.advance(MONTH);
  const ahead = await ring.current();
  clock.advance(-MONTH);
  const turned = await ring.rotate();
  expect(turned.expiresAt).toBe(ahead.expiresAt);
  expect((await ring.check(ahead.key)).kind).toBe('expired');
});
