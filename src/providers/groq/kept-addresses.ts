import type { LookupAddress, LookupAllOptions } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { type Clock, systemClock } from '../../core/clock.ts';

/** The system doesn't tell how long an address holds; those of large hosts hold for a minute or more. */
const FRESH_MS = 30_000;

/** For so long an address is still worth a try when nobody can tell the present one. */
const KEPT_MS = 60 * 60_000;

/** A connection that opens is given up after five seconds, a resolver that hangs takes ten and more. */
const PATIENCE_MS = 1_000;

type Options = {
  readonly resolve?: (name: string, options: LookupAllOptions) => Promise<LookupAddress[]>;
  readonly clock?: Pick<Clock, 'elapsed' | 'sleep'>;
};

type Known = { readonly addresses: LookupAddress[]; readonly at: number };

/**
 * Looks names up for connections, and keeps what it found: of many connections that open at once, one
 * asks, and a resolver that fails or hangs doesn't take away a host that still is where it was. There is
 * one name: the provider's.
 */
export function keptAddresses({
  resolve = lookup,
  clock = systemClock,
}: Options = {}): LookupFunction {
  const known = new Map<string, Known>();
  const asked = new Map<string, Promise<LookupAddress[]>>();

  async function ask(name: string, options: LookupAllOptions): Promise<LookupAddress[]> {
    try {
      const addresses = await resolve(name, options);
      known.set(name, { addresses, at: clock.elapsed() });
      return addresses;
    } finally {
      asked.delete(name);
    }
  }

  async function addressesOf(name: string, options: LookupAllOptions): Promise<LookupAddress[]> {
    const before = known.get(name);
    const age = before ? clock.elapsed() - before.at : Number.POSITIVE_INFINITY;
    if (before && age < FRESH_MS) return before.addresses;
    const answer = asked.get(name) ?? ask(name, options);
    asked.set(name, answer);
    return before && age <= KEPT_MS ? soon(answer, before.addresses) : answer;
  }

  /** The answer, or what was known before when it fails or is late; it may still be learnt then. */
  async function soon(
    answer: Promise<LookupAddress[]>,
    before: LookupAddress[],
  ): Promise<LookupAddress[]> {
    const patience = new AbortController();
    try {
      const late = clock.sleep(PATIENCE_MS, patience.signal).then(() => before);
      return await Promise.race([answer, late]);
    } catch {
      return before;
    } finally {
      patience.abort();
    }
  }

  return (name, options, callback) => {
    addressesOf(name, { ...options, all: true }).then(
      (addresses) => {
        const [first] = addresses;
        if (options.all) callback(null, addresses);
        else callback(null, first?.address ?? '', first?.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}
