import { describe, expect, it } from 'vitest';
import type { KeyState } from '../../src/keys/key-state.ts';
import { fakeClock, WEEK } from '../support/fake-clock.ts';
import { flakyStore } from '../support/flaky-store.ts';
import { derivedRing, storedRing } from '../support/rings.ts';

describe('a stored key on a full disk', () => {
  it('lives in memory, and says so', async () => {
    const store = flakyStore<KeyState>();
    const errors: unknown[] = [];
    store.fail();
    const ring = await storedRing({ store, onStoreError: (error) => errors.push(error) });
    const { key } = await ring.current();
    expect((await ring.check(key)).kind).toBe('valid');
    expect(ring.state().storeError).toContain('ENOSPC');
    expect(errors).toHaveLength(1);
  });

  it('turns in memory when it expires, and the old one is refused', async () => {
    const store = flakyStore<KeyState>();
    const clock = fakeClock();
    const ring = await storedRing({ store, clock });
    const { key } = await ring.current();
    store.fail();
    clock.advance(WEEK);
    expect((await ring.check(key)).kind).toBe('expired');
    expect((await store.read())?.key?.value).toBe(key);
  });

  it('warns whoever turns it by hand that a restart brings the old one back', async () => {
    const store = flakyStore<KeyState>();
    const ring = await storedRing({ store });
    store.fail();
    expect((await ring.rotate()).warning).toContain('after a restart the old one');
  });

  it('is kept by the next look once the disk has room again', async () => {
    const store = flakyStore<KeyState>();
    const ring = await storedRing({ store });
    const old = await ring.current();
    store.fail();
    const { key } = await ring.rotate();
    await ring.look();
    expect(ring.state().storeError).toContain('ENOSPC');
    store.mend();
    await ring.look();
    expect(ring.state().storeError).toBeUndefined();
    expect((await store.read())?.key?.value).toBe(key);
    const later = await storedRing({ store });
    expect((await later.check(old.key)).kind).toBe('expired');
  });

  it('is not undone by a look that comes at the same moment as the turn', async () => {
    const store = flakyStore<KeyState>();
    store.fail();
    const ring = await storedRing({ store });
    store.fail(1);
    const [{ key }] = await Promise.all([ring.rotate(), ring.look()]);
    expect((await ring.check(key)).kind).toBe('valid');
    expect((await store.read())?.key?.value).toBe(key);
  });
});

it('a derived key turned by hand on a full disk is remembered by a later look', async () => {
  const store = flakyStore<KeyState>();
  const ring = await derivedRing({ store });
  store.fail();
  await ring.rotate();
  expect(ring.state().storeError).toContain('ENOSPC');
  store.mend();
  await ring.look();
  expect((await store.read())?.generation).toBe(1);
});
