import { expect, it } from 'vitest';
import { derivedKey, keyIdOf, randomKey, sameHash } from '../../src/keys/key-text.ts';
import { SEED } from '../support/rings.ts';

it('a random key is sk- and 48 letters and digits, and never the same twice', () => {
  const keys = Array.from({ length: 100 }, randomKey);
  for (const key of keys) expect(key).toMatch(/^sk-[0-9A-Za-z]{48}$/);
  expect(new Set(keys).size).toBe(100);
});

it('a derived key has the same form and stays what it was in every later version', () => {
  expect(derivedKey(SEED, 126, 0)).toBe('sk-kZmzG0cySJ03RwbLL6k60JLqaFiupt1j1yXk0J0jEPTuc4X0');
});

it('a derived key depends on seed, week and generation', () => {
  const keys = [
    derivedKey(SEED, 1, 0),
    derivedKey(SEED, 2, 0),
    derivedKey(SEED, 1, 1),
    derivedKey(`${SEED}!`, 1, 0),
  ];
  expect(new Set(keys).size).toBe(4);
});

it('derived keys use every letter and digit about equally often', () => {
  const counts = new Map<string, number>();
  for (let week = 0; week < 500; week++) {
    for (const letter of derivedKey(SEED, week, 0).slice(3)) {
      counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
  }
  expect(counts.size).toBe(62);
  const expected = (500 * 48) / 62;
  for (const count of counts.values()) {
    expect(Math.abs(count - expected)).toBeLessThan(expected / 3);
  }
});

it('the id of a key does not show any of it', () => {
  const key = randomKey();
  expect(keyIdOf(key)).toMatch(/^[0-9a-f]{12}$/);
  expect(key).not.toContain(keyIdOf(key));
});

it('digests of different lengths differ instead of throwing', () => {
  expect(sameHash(Buffer.alloc(32), Buffer.alloc(0))).toBe(false);
});
