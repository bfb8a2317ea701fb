import { Agent, request } from 'undici';
import type { Peer } from './lib/peers.ts';
import { PATH, requestOf } from './lib/request.ts';
import { quantile, rounded } from './lib/statistics.ts';

/** Added latency of a peer over the direct road, in milliseconds. */
export type LatencyRow = {
  readonly peer: string;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
};

/**
 * Open loop: requests leave at a fixed rate, whether or not the last one was answered, and each is
 * timed from the moment at which it should have left (no coordinated omission).
 */
export async function benchLatency(
  direct: Peer,
  peers: readonly Peer[],
  { perSecond = 200, seconds = 8 } = {},
): Promise<LatencyRow[]> {
  const base = await latencies(direct, perSecond, seconds);
  const rows: LatencyRow[] = [];
  for (const peer of peers) {
    await latencies(peer, perSecond, 1);
    const mine = await latencies(peer, perSecond, seconds);
    const added = (share: number) => rounded(quantile(mine, share) - quantile(base, share));
    rows.push({ peer: peer.name, p50: added(0.5), p99: added(0.99), p999: added(0.999) });
  }
  return rows;
}

async function latencies(peer: Peer, perSecond: number, seconds: number): Promise<number[]> {
  const dispatcher = new Agent({ connections: 100 });
  const body = requestOf('size=600');
  const headers = { 'content-type': 'application/json', ...peer.headers };
  const took: number[] = [];
  const under = new Set<Promise<void>>();
  const start = performance.now();
  for (let sent = 0; sent < perSecond * seconds; sent++) {
    const due = start + (sent * 1000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((done) => setTimeout(done, wait));
    const one = request(peer.url + PATH, { method: 'POST', headers, body, dispatcher })
      .then((answer) => answer.body.dump())
      .then(() => void took.push(performance.now() - due))
      .finally(() => under.delete(one));
    under.add(one);
  }
  await Promise.all(under);
  await dispatcher.close();
  return took;
}
