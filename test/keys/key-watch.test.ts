import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { KeyRing } from '../../src/keys/key-ring.ts';
import { watchKey } from '../../src/keys/key-watch.ts';
import { HOUR } from '../support/fake-clock.ts';
import { derivedRing } from '../support/rings.ts';

const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 5, 8, 4, 59, 59) });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A ring that notes when it was looked at. */
async function watchedRing(): Promise<{ ring: KeyRing; looks: string[] }> {
  const looks: string[] = [];
  const look = async () => {
    looks.push(new Date().toISOString().slice(11, 16));
  };
  return { ring: { ...(await derivedRing()), look }, looks };
}

it('the key is looked at every full hour', async () => {
  const { ring, looks } = await watchedRing();
  const stop = watchKey({ ring, onError: () => undefined });
  await vi.advanceTimersByTimeAsync(2 * HOUR);
  stop();
  expect(looks).toEqual(['05:00', '06:00']);
});

it('the key is looked at by ROTATION_CRON as well', async () => {
  const { ring, looks } = await watchedRing();
  const stop = watchKey({ ring, cron: '30 6 * * *', onError: () => undefined });
  await vi.advanceTimersByTimeAsync(2 * HOUR);
  stop();
  expect(looks).toEqual(['05:00', '06:00', '06:30']);
});

it('a stopped watch looks no more', async () => {
  const { ring, looks } = await watchedRing();
  watchKey({ ring, onError: () => undefined })();
  await vi.advanceTimersByTimeAsync(2 * HOUR);
  expect(looks).toEqual([]);
});

it('a look that fails is told, and the next one comes all the same', async () => {
  const errors: unknown[] = [];
  const look = () => Promise.reject(new Error('no disk'));
  const ring = { ...(await derivedRing()), look };
  const stop = watchKey({ ring, onError: (error) => errors.push(error) });
  await vi.advanceTimersByTimeAsync(2 * HOUR);
  stop();
  expect(errors).toHaveLength(2);
});

it('while the store fails the key is looked at every minute', async () => {
  const { ring, looks } = await watchedRing();
  let storeError: string | undefined = "can't write db.json: ENOSPC";
  const state = () => ({ ...ring.state(), storeError });
  const stop = watchKey({ ring: { ...ring, state }, onError: () => undefined });
  await vi.advanceTimersByTimeAsync(2 * MINUTE + 2_000);
  storeError = undefined;
  await vi.advanceTimersByTimeAsync(HOUR - 4_000);
  stop();
  expect(looks).toEqual(['05:00', '05:01', '05:02', '06:00']);
});
