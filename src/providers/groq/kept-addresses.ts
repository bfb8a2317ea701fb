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
  readonly clock?: Pick<Clock, 'elapsed'>;
};

type Known = { readonly addresses: LookupAddress[]; readonly at: number };

/** A question under way, and when those who have an older answer have waited for it long enough. */
type Asked = { readonly answer: Promise<LookupAddress[]>; readonly late: Promise<void> };

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
  const asked = new Map<string, Asked>();

  function ask(name: string, options: LookupAllOptions): Asked {
    const answer = resolve(name, options)
      .then((addresses) => {
        known.set(name, { addresses, at: clock.elapsed() });
        return addresses;
      })
      .finally(() => asked.delete(name));
    const late = new Promise<void>((resolved) => setTimeout(resolved, PATIENCE_MS).unref());
    const asking = { answer, late };
    asked.set(name, asking);
    return asking;
  }

  /** Where the answer fails or is late, what was known before; the answer may still be learnt then. */
  async function addressesOf(name: string, options: LookupAllOptions): Promise<LookupAddress[]> {
    const before = known.get(name);
    const age = before ? clock.elapsed() - before.at : Number.POSITIVE_INFINITY;
    if (before && age < FRESH_MS) return before.addresses;
    const { answer, late } = asked.get(name) ?? ask(name, options);
    if (!before || age > KEPT_MS) return answer;
    const old = () => before.addresses;
    return Promise.race([answer, late.then(old)]).catch(old);
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
