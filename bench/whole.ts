import type { Peer } from './lib/peers.ts';
import { PATH, requestOf } from './lib/request.ts';
import { median, rounded } from './lib/statistics.ts';
import { type Throughput, throughput, warm } from './lib/wrk.ts';

/** One kind of request. */
type Case = {
  readonly name: string;
  readonly connections: number;
  readonly requestBytes: number;
  readonly answerBytes: number;
};

const CASES: readonly Case[] = [
  { name: '250 B, 1 connection', connections: 1, requestBytes: 250, answerBytes: 600 },
  { name: '250 B, 50 connections', connections: 50, requestBytes: 250, answerBytes: 600 },
  { name: '250 B, 200 connections', connections: 200, requestBytes: 250, answerBytes: 600 },
  {
    name: '100 KB prompt, 50 connections',
    connections: 50,
    requestBytes: 100_000,
    answerBytes: 600,
  },
  { name: '1 MB prompt, 8 connections', connections: 8, requestBytes: 1_000_000, answerBytes: 600 },
  {
    name: '100 KB answer, 50 connections',
    connections: 50,
    requestBytes: 250,
    answerBytes: 100_000,
  },
];

/** One row of the table: ratios against bare, by peer. */
export type WholeRow = {
  readonly name: string;
  readonly peer: string;
  readonly perSecond: number;
  readonly ofBare: number;
  readonly cpuMicros: number;
  readonly cpuOfBare: number;
};

/** Whole answers, closed loop, in paired rounds: A B C, A B C, … */
export function benchWhole(
  peers: readonly Peer[],
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): WholeRow[] {
  for (const peer of peers) warm(peer);
  return CASES.flatMap((each) => {
    const body = requestOf(`size=${each.answerBytes}`, each.requestBytes);
    const load = { path: PATH, body, connections: each.connections };
    for (const peer of peers) throughput(peer, { ...load, seconds: 1 });
    const measured = Array.from(
      { length: rounds },
      () => new Map(peers.map((peer) => [peer.name, throughput(peer, { ...load, seconds })])),
    );
    return peers.map((peer) => rowOf(each.name, peer.name, measured));
  });
}

function rowOf(
  name: string,
  peer: string,
  rounds: readonly ReadonlyMap<string, Throughput>[],
): WholeRow {
  const mine = rounds.flatMap((round) => round.get(peer) ?? []);
  const bare = rounds.flatMap((round) => round.get('bare') ?? []);
  const ratio = (pick: (each: Throughput) => number) =>
    rounded(median(mine.map((each, index) => pick(each) / pick(bare[index] ?? each))));
  return {
    name,
    peer,
    perSecond: rounded(median(mine.map((each) => each.perSecond))),
    ofBare: ratio((each) => each.perSecond),
    cpuMicros: rounded(median(mine.map((each) => each.cpuMicros))),
    cpuOfBare: ratio((each) => each.cpuMicros),
  };
}
