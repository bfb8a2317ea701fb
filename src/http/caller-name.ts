import { createHash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { networkOf } from './network-of.ts';

/** Names the network of an address without giving either away. */
export type CallerName = (address: string) => string;

/** Callers whose names need not be computed anew. */
const MAX_REMEMBERED = 1_000;

/** Names change with every start, so that callers are told apart and never known. */
export function callerNames(): CallerName {
  const salt = randomBytes(16);
  const remembered = new LRUCache<string, string>({ max: MAX_REMEMBERED });
  return (address) => {
    const known = remembered.get(address);
    if (known !== undefined) return known;
    const hash = createHash('sha256').update(salt).update(networkOf(address));
    const name = hash.digest('hex').slice(0, 12);
    remembered.set(address, name);
    return name;
  };
}
