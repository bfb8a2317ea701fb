import { expect, it } from 'vitest';
import type { KeyState } from '../../src/keys/key-state.ts';
import { fakeClock, NOON, WEEK } from '../support/fake-clock.ts';
import { flakyStore } from '../support/flaky-store.ts';
import { storedRing } from '../support/rings.ts';

it('a first look makes a key for one period', async () => {
  const turns: unknown[] = [];
  const ring = await storedRing({ onTurned: (...turn) => turns.push(turn) });
  const { key, keyId, ...rest } = await ring.current();
  expect(rest).toEqual({
    createdAt: NOON,
    expiresAt: NOON + WEEK,
    secondsLeft: WEEK / 1000,
  });
  expect(await ring.check(key)).toEqual({ kind: 'valid', expiresAt: NOON + WEEK });
  expect(turns).toEqual([[keyId, 'first']]);
});

it('a restart before expiry keeps the key', async () => {
  const store = flakyStore<KeyState>();
  const { key } = await (await storedRing({ store })).current();
  const later = await storedRing({ store, clock: fakeClock(NOON + WEEK - 1) });
  expect((await later.current()).key).toBe(key);
  expect(store.writes()).toBe(1);
});

it('a boot after expiry turns the key', async () => {
  const store = flakyStore<KeyState>();
  const { key } = await (await storedRing({ store })).current();
  const later = await storedRing({ store, clock: fakeClock(NOON + WEEK) });
  expect(await later.check(key)).toEqual({ kind: 'expired', turnedAt: NOON + WEEK });
});

it('a boot with a shorter period turns a key that would be too old under it', async () => {
  const store = flakyStore<KeyState>();
  const { key } = await (await storedRing({ store, periodMs: 4 * WEEK })).current();
  const later = await storedRing({ store, clock: fakeClock(NOON + 2 * WEEK) });
  expect((await later.check(key)).kind).toBe('expired');
});

it('the first request after expiry turns the key and is judged by the new one', async () => {
  const clock = fakeClock();
  const turns: unknown[] = [];
  const ring = await storedRing({ clock, onTurned: (_keyId, reason) => turns.push(reason) });
  const { key } = await ring.current();
  clock.advance(WEEK - 1);
  expect((await ring.check(key)).kind).toBe('valid');
  clock.advance(1);
  expect((await ring.check(key)).kind).toBe('expired');
  expect((await ring.current()).expiresAt).toBe(NOON + 2 * WEEK);
  expect(turns).toEqual(['first', 'expired']);
});

it('a look after expiry turns the key without any request', async () => {
  const clock = fakeClock();
  const ring = await storedRing({ clock });
  const { keyId } = ring.state();
  clock.advance(WEEK);
  await ring.look();
  expect(ring.state().keyId).not.toBe(keyId);
});

it('many requests at the moment of expiry make one rotation', async () => {
  const clock = fakeClock();
  const store = flakyStore<KeyState>();
  const turns: unknown[] = [];
  const ring = await storedRing({ clock, store, onTurned: (keyId) => turns.push(keyId) });
  const { key } = await ring.current();
  clock.advance(WEEK);
  const [one, other, verdict, again] = await Promise.all([
    ring.current(),
    ring.current(),
    ring.check(key),
    ring.check(key),
    ring.look(),
  ]);
  expect(other.key).toBe(one.key);
  expect([verdict.kind, again.kind]).toEqual(['expired', 'expired']);
  expect(turns).toHaveLength(2);
  expect(store.writes()).toBe(2);
});

it('a turn by hand refuses the old key from then on', async () => {
  const turns: unknown[] = [];
  const ring = await storedRing({ onTurned: (_keyId, reason) => turns.push(reason) });
  const old = await ring.current();
  const next = await ring.rotate();
  expect(next.key).not.toBe(old.key);
  expect(next.warning).toBeUndefined();
  expect(await ring.check(old.key)).toEqual({ kind: 'expired', turnedAt: NOON });
  expect((await ring.check(next.key)).kind).toBe('valid');
  expect(turns).toEqual(['first', 'by hand']);
});

it('two turns by hand at once give each caller a key of its own, and the last one is valid', async () => {
  const ring = await storedRing();
  const [first, second] = await Promise.all([ring.rotate(), ring.rotate()]);
  expect(second.key).not.toBe(first.key);
  expect((await ring.check(first.key)).kind).toBe('expired');
  expect((await ring.check(second.key)).kind).toBe('valid');
});

it('the last eight keys are expired, older and foreign ones unknown', async () => {
  const ring = await storedRing();
  const keys: string[] = [];
  for (let turn = 0; turn < 10; turn++) keys.push((await ring.rotate()).key);
  const kinds = await Promise.all(keys.map(async (key) => (await ring.check(key)).kind));
  expect(kinds).toEqual(['unknown', ...Array(8).fill('expired'), 'valid']);
  expect((await ring.check('sk-never-issued')).kind).toBe('unknown');
});

it('past keys are kept as digests only, across a restart', async () => {
  const store = flakyStore<KeyState>();
  const ring = await storedRing({ store });
  const { key } = await ring.current();
  await ring.rotate();
  expect(JSON.stringify(await store.read())).not.toContain(key);
  expect((await (await storedRing({ store })).check(key)).kind).toBe('expired');
});
