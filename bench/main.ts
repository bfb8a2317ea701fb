// `npm run bench`: keyturn beside the direct road, a bare proxy, an SDK in a handler and another
// gateway, in paired rounds of one run. Prints tables and writes docs/bench/results.json and plots.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { benchHangUp } from './hang-up.ts';
import { benchLatency } from './latency.ts';
import {
  home,
  type Peer,
  startBare,
  startKeyturn,
  startPortkey,
  startSdk,
  startUpstream,
} from './lib/peers.ts';
import { barChart } from './lib/plot.ts';
import { hasWrk } from './lib/wrk.ts';
import { benchStreams } from './streams.ts';
import { benchWhole } from './whole.ts';

const rounds = Number(process.env['ROUNDS'] ?? 5);
const seconds = Number(process.env['SECONDS'] ?? 3);

async function main(): Promise<void> {
  if (!hasWrk()) throw new Error('The load generator is missing: apt-get install wrk');
  const upstream = await startUpstream();
  const bare = await startBare(upstream);
  const keyturn = await startKeyturn(upstream.url);
  const sdk = await startSdk(upstream);
  const portkey = await startPortkey(upstream);
  const ours: Peer[] = [bare, keyturn];
  const all: Peer[] = [...ours, sdk, ...(portkey ? [portkey] : [])];
  try {
    const machine = `node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim()}`;
    console.log(`${machine}; ${rounds} paired rounds of ${seconds} s, medians`);
    const whole = benchWhole(all, { rounds, seconds });
    console.table(whole);
    const latency = await benchLatency(upstream, all);
    console.log('added latency over the direct road at 200 requests a second, ms');
    console.table(latency);
    const streams = await benchStreams(all);
    console.table(streams);
    const hangUp = await benchHangUp(upstream, ours);
    console.log('from hang-up to the end upstream, ms');
    console.table(hangUp);
    write({ machine, node: process.version, rounds, seconds, whole, latency, streams, hangUp });
  } finally {
    for (const peer of [...all, upstream]) await peer.stop();
  }
}

function write(results: { whole: ReturnType<typeof benchWhole> } & Record<string, unknown>): void {
  const folder = join(home, 'docs', 'bench');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  const bars = results.whole
    .filter(({ peer }) => peer !== 'bare')
    .map(({ name, peer, ofBare }) => ({ label: `${peer}: ${name}`, value: ofBare }));
  const title = 'Requests a second, as a share of a bare proxy';
  writeFileSync(join(folder, 'whole.svg'), barChart({ title, bars }));
}

await main();
