import { createHash, randomBytes } from 'node:crypto';
import { networkOf } from './network-of.ts';

/** Names the network of an address without giving either away. */
export type CallerName = (address: string) => string;

/** Names change with every start, so that callers are told apart and never known. */
export function callerNames(): CallerName {
  const salt = randomBytes(16);
  return (address) =>
    createHash('sha256').update(salt).update(networkOf(address)).digest('hex').slice(0, 12);
}
