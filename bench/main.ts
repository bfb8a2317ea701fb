// `npm run bench`: keyturn beside the direct road, a bare proxy, an SDK in a handler and another
// gateway, in paired rounds of one run. Prints tables and writes docs/bench: results.json, a table and
// plots. `BENCH=whole,streams` measures only those parts and leaves the other results as they are.
import { benchGrowth } from './growth.ts';
import { benchHangUp } from './hang-up.ts';
import { benchHttp2 } from './http2.ts';
import { benchLatency } from './latency.ts';
import {
  type Peer,
  startBare,
  startKeyturn,
  startPlain,
  startPortkey,
  startSdk,
  startUpstream,
} from './lib/peers.ts';
import { LOAD_CPU, pinThisProcess } from './lib/pinned.ts';
import { keepResults, machine } from './lib/results.ts';
import { hasWrk } from './lib/wrk.ts';
import { benchOpenBreaker } from './open-breaker.ts';
import { benchProfile } from './profile.ts';
import { benchSlowReaders } from './slow-readers.ts';
import { benchStart } from './start.ts';
import { benchStreams } from './streams.ts';
import { benchWhole } from './whole.ts';

const rounds = Number(process.env['ROUNDS'] ?? 5);
const seconds = Number(process.env['SECONDS'] ?? 3);

/** All peers, each in a process of its own. */
type Field = {
  /** The direct road: nobody between. */
  readonly upstream: Peer;
  readonly proxies: readonly Peer[];
  readonly all: readonly Peer[];
  /** Answers whole, and nothing else. */
  readonly plain: Peer;
};

const parts: Record<string, (field: Field) => Promise<readonly object[]> | readonly object[]> = {
  // Beside those that it is compared with: the machine's speed drifts.
  whole: ({ all, plain }) => benchWhole(all.toSpliced(2, 0, plain), { rounds, seconds }),
  profile: ({ upstream }) => benchProfile(upstream),
  latency: ({ upstream, proxies }) => benchLatency(upstream, proxies, { rounds: 4 * rounds }),
  streams: ({ all }) => benchStreams(all, { rounds }),
  'slow-readers': ({ proxies }) => benchSlowReaders(proxies),
  'hang-up': ({ upstream, proxies }) => benchHangUp(upstream, proxies),
  'open-breaker': ({ upstream }) => benchOpenBreaker(upstream),
  growth: ({ upstream }) => benchGrowth(upstream),
  http2: () => benchHttp2(),
  start: () => benchStart(),
};

async function main(): Promise<void> {
  if (!hasWrk()) throw new Error('The load generator is missing: apt-get install wrk');
  const wanted = process.env['BENCH']?.split(',') ?? Object.keys(parts);
  console.log(`${machine()}; ${rounds} paired rounds of ${seconds} s, medians`);
  // What asks in this process is not to take the peers' CPU.
  pinThisProcess(LOAD_CPU);
  const upstream = await startUpstream();
  const keyturn = await startKeyturn(upstream.url);
  // As under a scraper: from then on it watches itself as well.
  await (await fetch(`${keyturn.url}/metrics`)).text();
  const ours = [await startBare(upstream), keyturn];
  const theirs = [await startSdk(upstream), await startPortkey(upstream)];
  const proxies = [...ours, ...theirs.filter((peer) => peer !== undefined)];
  const plain = await startPlain(upstream);
  const all = [upstream, ...proxies];
  try {
    for (const name of wanted) {
      const rows = await parts[name]?.({ upstream, proxies, all, plain });
      if (!rows) throw new Error(`no such part: ${name}; there are ${Object.keys(parts)}`);
      console.log(name);
      console.table(rows);
      keepResults(name, rows);
    }
  } finally {
    for (const peer of [...all, plain].toReversed()) await peer.stop();
  }
}

await main();
