import { type Asker, askAt, asker } from './lib/asker.ts';
import type { Peer } from './lib/peers.ts';
import { interval, median, quantile, rounded } from './lib/statistics.ts';
import { warm } from './lib/wrk.ts';

/** What a peer adds to the direct road, in milliseconds, each figure with its 95 % interval. */
export type LatencyRow = {
  readonly peer: string;
  readonly p50: number;
  readonly p50Range: string;
  /** The peer's p50 as a share of bare's. */
  readonly ofBare: number;
  readonly ofBareRange: string;
  readonly p99: number;
  readonly p99Range: string;
  readonly p999: number;
  readonly p999Range: string;
  /** The loop's own delay at the 99th percentile: how late its requests left. */
  readonly lateP99: number;
};

type Options = {
  /** Every peer in turn, so often. */
  readonly rounds: number;
  readonly perSecond?: number;
  /** A second holds what a server does beside requests once or twice a second. */
  readonly seconds?: number;
};

/** A request to the peer and one on the direct road, half a beat apart. */
type Pair = { readonly own: number; readonly direct: number; readonly lateMs: number };

/** Each peer's pairs of one round. */
type Round = ReadonlyMap<Peer, readonly Pair[]>;

/** What a peer added to most requests of a round, and what bare did. */
type Added = { readonly mine: number; readonly bare: number };

/** A peer that was not asked for a while has cold caches, and no connection yet: its first requests don't count. */
const COLD = 20;

/**
 * Open loop: requests leave at a fixed rate, whether or not the last one was answered. What else runs on
 * the machine is the same for both of a pair, and nearly so for peers that take turns by the second; each
 * has its CPU to itself meanwhile. A timer of Node's fires up to a millisecond late: a request is timed
 * from when it left, and how late that was is a column of its own. (Nobody waits for an answer before the
 * next request, so a slow answer hides none.)
 */
export async function benchLatency(
  direct: Peer,
  peers: readonly Peer[],
  { rounds, perSecond = 200, seconds = 1 }: Options,
): Promise<LatencyRow[]> {
  for (const peer of peers) warm(peer);
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    const turn = new Map<Peer, readonly Pair[]>();
    for (const peer of peers) {
      // Connections of its own each time: a server closes those that stand idle during the others' turns.
      const [own, base] = [asker(peer, 'size=600'), asker(direct, 'size=600')];
      turn.set(peer, await paired(own, base, perSecond, perSecond * seconds));
      own.close();
      base.close();
    }
    measured.push(turn);
  }
  return peers.map((peer) => rowOf(peer, peers[0] ?? peer, measured));
}

async function paired(own: Asker, direct: Asker, perSecond: number, count: number) {
  const pairs: Promise<Pair>[] = [];
  const beatMs = 1000 / perSecond;
  const start = performance.now();
  for (let sent = 0; sent < COLD + count; sent++) {
    const base = await askAt(start + sent * beatMs, direct);
    const mine = await askAt(start + (sent + 0.5) * beatMs, own);
    pairs.push(
      Promise.all([mine.took, base.took]).then(([ownMs, directMs]) => ({
        own: ownMs,
        direct: directMs,
        lateMs: mine.lateMs,
      })),
    );
  }
  return (await Promise.all(pairs)).slice(COLD);
}

function rowOf(peer: Peer, bare: Peer, rounds: readonly Round[]): LatencyRow {
  const figure = <T>(units: readonly T[], of: (units: readonly T[]) => number) => {
    const [low, high] = interval(units, of);
    return [rounded(of(units)), `${rounded(low)} to ${rounded(high)}`] as const;
  };
  const pairs = rounds.map((round) => round.get(peer) ?? []);
  const added = rounds.map((round) => ({
    mine: middleOf(round, peer),
    bare: middleOf(round, bare),
  }));
  const mine = (some: readonly Added[]) => median(some.map((each) => each.mine));
  const ofBares = (some: readonly Added[]) => mine(some) / median(some.map((each) => each.bare));
  const [p50, p50Range] = figure(added, mine);
  const [ofBare, ofBareRange] = figure(added, ofBares);
  const [p99, p99Range] = figure(pairs, tail(0.99));
  const [p999, p999Range] = figure(pairs, tail(0.999));
  const late = pairs.flat().map(({ lateMs }) => lateMs);
  const lateP99 = rounded(quantile(late, 0.99));
  return {
    ...{ peer: peer.name, p50, p50Range, ofBare, ofBareRange },
    ...{ p99, p99Range, p999, p999Range, lateP99 },
  };
}

/** What a peer added to most requests of a round. */
function middleOf(round: Round, peer: Peer): number {
  return median((round.get(peer) ?? []).map(({ own, direct }) => own - direct));
}

/** Slow requests are rare: a slow one of the peer's has no slow one beside it on the direct road. */
function tail(share: number): (rounds: readonly (readonly Pair[])[]) => number {
  return (rounds) => {
    const pairs = rounds.flat();
    const slow = (of: (pair: Pair) => number) => quantile(pairs.map(of), share);
    return slow(({ own }) => own) - slow(({ direct }) => direct);
  };
}
