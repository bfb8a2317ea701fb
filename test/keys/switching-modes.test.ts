import { expect, it } from 'vitest';
import type { KeyState } from '../../src/keys/key-state.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { derivedRing, storedRing } from '../support/rings.ts';

it('a server that gets a seed refuses its stored key as expired', async () => {
  const store = memoryStore<KeyState>();
  const { key } = await (await storedRing({ store })).current();
  const derived = await derivedRing({ store });
  expect((await derived.check(key)).kind).toBe('expired');
  expect((await (await derivedRing({ store })).check(key)).kind).toBe('expired');
});

it('a server that loses its seed makes a new key and brings no older one back', async () => {
  const store = memoryStore<KeyState>();
  const { key } = await (await storedRing({ store })).current();
  const derived = await (await derivedRing({ store })).current();
  const again = await storedRing({ store });
  expect((await again.check(key)).kind).toBe('expired');
  expect((await again.check(derived.key)).kind).not.toBe('valid');
  expect((await again.current()).key).toMatch(/^sk-/);
});

it('the admin secret survives both ways', async () => {
  const store = memoryStore<KeyState>();
  await store.update(() => ({ version: 1, past: [], admin_secret: 'kept from the first boot' }));
  await storedRing({ store });
  await (await derivedRing({ store })).rotate();
  await storedRing({ store });
  expect((await store.read())?.admin_secret).toBe('kept from the first boot');
});
