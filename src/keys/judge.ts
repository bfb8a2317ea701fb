import type { KeyVerdict } from './key-ring.ts';
import type { PastKey } from './key-state.ts';
import { hashOf, sameHash, sameKey } from './key-text.ts';

/**
 * Judges a presented key against the valid one and the ones before it, each compared in constant
 * time. Of the past ones only digests are kept; every one of them is looked at.
 */
export function judge(
  presented: string,
  valid: { readonly value: string; readonly expiresAt: number },
  past: readonly PastKey[],
): KeyVerdict {
  if (sameKey(presented, valid.value)) return { kind: 'valid', expiresAt: valid.expiresAt };
  const digest = hashOf(presented);
  let turnedAt: number | undefined;
  for (const { hash, turned_at } of past) {
    if (sameHash(digest, Buffer.from(hash, 'hex'))) turnedAt ??= turned_at;
  }
  return turnedAt === undefined ? { kind: 'unknown' } : { kind: 'expired', turnedAt };
}
