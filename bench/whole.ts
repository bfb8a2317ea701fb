import type { Peer } from './lib/peers.ts';
import { PATH, requestOf } from './lib/request.ts';
import { median, rounded } from './lib/statistics.ts';
import { type Throughput, throughput, warm } from './lib/wrk.ts';

/** One kind of request. */
type Case = {
  readonly requestBytes: number;
  readonly answerBytes: number;
  readonly connections: number;
};

const SIZES = [
  { requestBytes: 250, answerBytes: 600 },
  { requestBytes: 250, answerBytes: 100_000 },
  { requestBytes: 100_000, answerBytes: 600 },
  { requestBytes: 1_000_000, answerBytes: 600 },
];

const CASES: readonly Case[] = SIZES.flatMap((sizes) =>
  [1, 50, 200].map((connections) => ({ ...sizes, connections })),
);

/** One row of the table: ratios against bare, by peer. */
export type WholeRow = {
  readonly name: string;
  readonly peer: string;
  readonly perSecond: number;
  readonly ofBare: number;
  readonly cpuMicros: number;
  readonly cpuOfBare: number;
  /** Why the peer could not do it. */
  readonly failed?: string;
};

/** A peer's run, or why it failed. */
type Run = Throughput & { readonly failed?: string };

/** Whole answers, closed loop, in paired rounds: A B C, A B C, … */
export function benchWhole(
  peers: readonly Peer[],
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): WholeRow[] {
  for (const peer of peers) warm(peer);
  return CASES.flatMap((each) => {
    const body = requestOf(`size=${each.answerBytes}`, each.requestBytes);
    const load = { path: PATH, body, connections: each.connections };
    for (const peer of peers) tried(peer, { ...load, seconds: 1 });
    const measured = Array.from(
      { length: rounds },
      () => new Map(peers.map((peer) => [peer.name, tried(peer, { ...load, seconds })])),
    );
    return peers.map((peer) => rowOf(nameOf(each), peer.name, measured));
  });
}

/** A peer that can't do it says so in the table; the others are measured all the same. */
function tried(peer: Peer, load: Parameters<typeof throughput>[1]): Run {
  try {
    return throughput(peer, load);
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error);
    return { perSecond: Number.NaN, cpuMicros: Number.NaN, failed };
  }
}

function rowOf(name: string, peer: string, rounds: readonly ReadonlyMap<string, Run>[]): WholeRow {
  const mine = rounds.flatMap((round) => round.get(peer) ?? []);
  const bare = rounds.flatMap((round) => round.get('bare') ?? []);
  const failed = mine.find((each) => each.failed !== undefined)?.failed;
  const ratio = (pick: (each: Run) => number) =>
    rounded(median(mine.map((each, index) => pick(each) / pick(bare[index] ?? each))));
  return {
    name,
    peer,
    perSecond: rounded(median(mine.map((each) => each.perSecond))),
    ofBare: ratio((each) => each.perSecond),
    cpuMicros: rounded(median(mine.map((each) => each.cpuMicros))),
    cpuOfBare: ratio((each) => each.cpuMicros),
    ...(failed === undefined ? {} : { failed }),
  };
}

/** As in `1 MB → 600 B, 50 connections`. */
function nameOf({ requestBytes, answerBytes, connections }: Case): string {
  const many = connections === 1 ? '1 connection' : `${connections} connections`;
  return `${sized(requestBytes)} → ${sized(answerBytes)}, ${many}`;
}

function sized(bytes: number): string {
  if (bytes >= 1_000_000) return `${bytes / 1_000_000} MB`;
  return bytes >= 1_000 ? `${bytes / 1_000} KB` : `${bytes} B`;
}
