import { Agent, request } from 'undici';
import type { Peer } from './lib/peers.ts';
import { PATH, requestOf } from './lib/request.ts';
import { quantile, rounded } from './lib/statistics.ts';
import { warm } from './lib/wrk.ts';

/** Added latency of a peer over the direct road, in milliseconds. */
export type LatencyRow = {
  readonly peer: string;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
};

type Options = {
  /** Every peer in turn, so often. */
  readonly rounds: number;
  readonly perSecond?: number;
  readonly seconds?: number;
};

/**
 * Open loop: requests leave at a fixed rate, whether or not the last one was answered, and each is
 * timed from the moment at which it should have left (no coordinated omission). The direct road is
 * timed beside each peer; medians over the rounds.
 */
export async function benchLatency(
  direct: Peer,
  peers: readonly Peer[],
  { rounds, perSecond = 200, seconds = 4 }: Options,
): Promise<LatencyRow[]> {
  const runs = new Map(peers.map((peer) => [peer, [] as Added[]]));
  for (const peer of peers) warm(peer);
  for (let round = 0; round < rounds; round++) {
    for (const [peer, added] of runs) {
      const base = await latencies(direct, perSecond, seconds);
      const mine = await latencies(peer, perSecond, seconds);
      added.push((share) => quantile(mine, share) - quantile(base, share));
    }
  }
  return [...runs].map(([peer, added]) => {
    const middle = (share: number) =>
      rounded(
        quantile(
          added.map((at) => at(share)),
          0.5,
        ),
      );
    return { peer: peer.name, p50: middle(0.5), p99: middle(0.99), p999: middle(0.999) };
  });
}

/** What a peer adds at a quantile. */
type Added = (share: number) => number;

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
