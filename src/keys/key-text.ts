import { createHash, hkdfSync, timingSafeEqual } from 'node:crypto';
import { customAlphabet, customRandom } from 'nanoid';

const LETTERS_AND_DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LENGTH = 48;

/** A new random client key: `sk-` and 48 letters and digits (285 bits). */
export function randomKey(): string {
  return `sk-${customAlphabet(LETTERS_AND_DIGITS, LENGTH)()}`;
}

/** A new random admin secret. */
export function randomSecret(): string {
  return customAlphabet(LETTERS_AND_DIGITS, 32)();
}

/**
 * The client key of one week, computed from the seed: the same on every instance and after every
 * restart. HKDF-SHA256 (RFC 5869) is nanoid's source of randomness; each call draws a fresh block.
 */
export function derivedKey(seed: string, week: number, generation: number): string {
  let block = 0;
  const draw = (size: number): Uint8Array => {
    const info = `client key, week ${week}, generation ${generation}, block ${block++}`;
    return new Uint8Array(hkdfSync('sha256', seed, 'keyturn', info, size));
  };
  return `sk-${customRandom(LETTERS_AND_DIGITS, LENGTH, draw)()}`;
}

/** What is kept of a key that no longer passes. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** A name for a key that is safe to show and to log. */
export function keyIdOf(key: string): string {
  return hashOf(key).toString('hex').slice(0, 12);
}

/** Compares two digests of `hashOf`, or two texts, in constant time. */
export function sameHash(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Compares a presented key with another in constant time. That their lengths differ is no secret. */
export function sameKey(presented: string, key: string): boolean {
  return sameHash(Buffer.from(presented), Buffer.from(key));
}
