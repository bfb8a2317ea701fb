import { expect, it } from 'vitest';
import { adminCheck, adminSecret } from '../../src/keys/admin-secret.ts';
import type { KeyState } from '../../src/keys/key-state.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { flakyStore } from '../support/flaky-store.ts';

it('without a setting one is made at the first boot, and the second boot finds it', async () => {
  const store = memoryStore<KeyState>();
  const first = await adminSecret({ configured: undefined, store });
  expect(first.madeNow).toBe(true);
  expect(first.secret).toMatch(/^[0-9A-Za-z]{32}$/);
  const second = await adminSecret({ configured: undefined, store });
  expect(second).toEqual({ secret: first.secret, madeNow: false });
});

it('the setting wins over a kept one', async () => {
  const store = memoryStore<KeyState>();
  await adminSecret({ configured: undefined, store });
  const { secret, madeNow } = await adminSecret({ configured: 'a secret of the setting', store });
  expect([secret, madeNow]).toEqual(['a secret of the setting', false]);
});

it('one that cannot be kept lasts for this run, and the error is told', async () => {
  const store = flakyStore<KeyState>();
  const errors: unknown[] = [];
  store.fail();
  const onStoreError = (error: unknown) => errors.push(error);
  const { madeNow } = await adminSecret({ configured: undefined, store, onStoreError });
  expect(madeNow).toBe(true);
  expect(errors).toHaveLength(1);
});

it('a setting of fewer than 16 characters gets a warning', async () => {
  const store = memoryStore<KeyState>();
  const warned: string[] = [];
  for (const configured of ['fifteen letters', 'sixteen letters!']) {
    await adminSecret({ configured, store, onShort: () => warned.push(configured) });
  }
  expect(warned).toEqual(['fifteen letters']);
});

it('the check takes the very secret and nothing like it', () => {
  const check = adminCheck('the secret');
  expect(check('the secret')).toBe(true);
  for (const wrong of ['', 'the secre', 'the secret ', 'The secret', 'the secret\0']) {
    expect(check(wrong)).toBe(false);
  }
});
