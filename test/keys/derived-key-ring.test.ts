import { expect, it } from 'vitest';
import type { KeyState } from '../../src/keys/key-state.ts';
import { derivedKey } from '../../src/keys/key-text.ts';
import { weekAt } from '../../src/keys/rotation.ts';
import { fakeClock, HOUR, NOON, WEEK } from '../support/fake-clock.ts';
import { flakyStore } from '../support/flaky-store.ts';
import { derivedRing, SEED } from '../support/rings.ts';

const thisWeek = weekAt(NOON, { periodMs: WEEK });

it('the key is the same after a restart that lost the disk, and on a second instance', async () => {
  const first = await derivedRing();
  const second = await derivedRing({ clock: fakeClock(NOON + HOUR) });
  expect((await second.current()).key).toBe((await first.current()).key);
  expect(first.state()).toMatchObject({ mode: 'derived', expiresAt: thisWeek.expiresAt });
});

it('nothing is stored as long as nobody turns the key by hand', async () => {
  const store = flakyStore<KeyState>();
  const ring = await derivedRing({ store });
  await ring.look();
  expect(store.writes()).toBe(0);
});

it('the first request of a new week turns the key', async () => {
  const clock = fakeClock();
  const turns: unknown[] = [];
  const ring = await derivedRing({ clock, onTurned: (_keyId, reason) => turns.push(reason) });
  const { key } = await ring.current();
  clock.advance(thisWeek.expiresAt - NOON - 1);
  expect((await ring.check(key)).kind).toBe('valid');
  clock.advance(1);
  expect(await ring.check(key)).toEqual({ kind: 'expired', turnedAt: thisWeek.expiresAt });
  expect(turns).toEqual(['first', 'expired']);
});

it('the keys of the last eight weeks are expired since their own turn, older ones unknown', async () => {
  const ring = await derivedRing();
  for (let back = 1; back <= 8; back++) {
    const turnedAt = thisWeek.createdAt - (back - 1) * WEEK;
    const verdict = await ring.check(derivedKey(SEED, thisWeek.week - back, 0));
    expect(verdict).toEqual({ kind: 'expired', turnedAt });
  }
  expect((await ring.check(derivedKey(SEED, thisWeek.week - 9, 0))).kind).toBe('unknown');
  expect((await ring.check(derivedKey(SEED, thisWeek.week + 1, 0))).kind).toBe('unknown');
});

it('KEY_GENERATION turns the key for good, and the earlier one is expired', async () => {
  const { key } = await (await derivedRing()).current();
  const raised = await derivedRing({ generation: 1 });
  expect((await raised.current()).key).not.toBe(key);
  expect((await raised.check(key)).kind).toBe('expired');
});

it('a turn by hand names the very KEY_GENERATION that makes it last without a disk', async () => {
  const ring = await derivedRing({ generation: 4 });
  const { key, warning } = await ring.rotate();
  const generation = Number(/KEY_GENERATION=(\d+)/.exec(warning ?? '')?.[1]);
  expect(generation).toBe(5);
  expect((await (await derivedRing({ generation })).current()).key).toBe(key);
});

it('a turn by hand refuses the old key at once, and after a restart that kept the disk', async () => {
  const store = flakyStore<KeyState>();
  const ring = await derivedRing({ store });
  const { key } = await ring.current();
  const next = await ring.rotate();
  expect(await ring.check(key)).toEqual({ kind: 'expired', turnedAt: NOON });
  expect(next.createdAt).toBe(NOON);
  const later = await derivedRing({ store });
  expect((await later.current()).key).toBe(next.key);
  expect((await later.check(key)).kind).toBe('expired');
});

it('a setting below the kept generation does not bring an old key back', async () => {
  const store = flakyStore<KeyState>();
  const ring = await derivedRing({ store });
  await ring.rotate();
  const { key } = await ring.rotate();
  expect((await (await derivedRing({ store, generation: 1 })).current()).key).toBe(key);
});

it('the key of a week before a turn by hand is still expired, not unknown', async () => {
  const clock = fakeClock();
  const ring = await derivedRing({ clock });
  const first = await ring.current();
  clock.advance(WEEK);
  const second = await ring.current();
  await ring.rotate();
  expect((await ring.check(first.key)).kind).toBe('expired');
  clock.advance(WEEK);
  expect((await ring.check(second.key)).kind).toBe('expired');
});

it('ROTATION_CRON moves the turn to its hour', async () => {
  const ring = await derivedRing({ cron: '0 6 * * 1' });
  expect(new Date(ring.state().expiresAt).toISOString()).toBe('2026-06-08T06:00:00.000Z');
});

it('many requests at the turn of the week make one rotation', async () => {
  const clock = fakeClock();
  const turns: unknown[] = [];
  const ring = await derivedRing({ clock, onTurned: (keyId) => turns.push(keyId) });
  clock.advance(WEEK);
  const [one, other] = await Promise.all([ring.current(), ring.current(), ring.look()]);
  expect(other.key).toBe(one.key);
  expect(turns).toHaveLength(2);
});
