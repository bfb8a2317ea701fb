import type { KeyVerdict } from './key-ring.ts';
import type { PastKey } from './key-state.ts';
import { hashOf, sameHash } from './key-text.ts';

/**
 * Judges a presented key against the valid one and the ones before it. Digests are compared, each
 * in constant time, and every past key is looked at.
 */
export function judge(
  presented: string,
  valid: { readonly value: string; readonly expiresAt: number },
  past: readonly PastKey[],
): KeyVerdict {
  const digest = hashOf(presented);
  if (sameHash(digest, hashOf(valid.value))) return { kind: 'valid', expiresAt: valid.expiresAt };
  let turnedAt: number | undefined;
  for (const { hash, turned_at } of past) {
    if (sameHash(digest, Buffer.from(hash, 'hex'))) turnedAt ??= turned_at;
  }
  return turnedAt === undefined ? { kind: 'unknown' } : { kind: 'expired', turnedAt };
}
