import { connect } from 'node:net';
import type { Peer } from './lib/peers.ts';
import { requestBytes } from './lib/request.ts';
import { quantile, rounded } from './lib/statistics.ts';

/** Milliseconds from a caller's hang-up in mid-stream to the upstream's notice of it. */
export type HangUpRow = {
  readonly peer: string;
  readonly p50: number;
  readonly p99: number;
  /** Why there is nothing to measure. */
  readonly failed?: string;
};

const TIMES = 50;

/** Who hasn't told the upstream by then goes on reading for nobody. */
const AT_MOST_MS = 5_000;

/** Hangs up on streams one after the other, and asks the upstream when it noticed. */
export async function benchHangUp(upstream: Peer, peers: readonly Peer[]): Promise<HangUpRow[]> {
  const rows: HangUpRow[] = [];
  for (const peer of peers) {
    const took: number[] = [];
    await stats(upstream);
    for (let index = 0; index < TIMES; index++) {
      const hungUpAt = await openAndHangUp(peer);
      took.push((await noticedAt(upstream)) - hungUpAt);
      if (took.includes(Number.POSITIVE_INFINITY)) break;
    }
    rows.push({ peer: peer.name, ...summary(took) });
  }
  return rows;
}

function summary(took: readonly number[]): Omit<HangUpRow, 'peer'> {
  if (took.includes(Number.POSITIVE_INFINITY)) {
    return { p50: Number.NaN, p99: Number.NaN, failed: `not within ${AT_MOST_MS / 1000} s` };
  }
  return { p50: rounded(quantile(took, 0.5)), p99: rounded(quantile(took, 0.99)) };
}

function openAndHangUp(peer: Peer): Promise<number> {
  const { hostname, port } = new URL(peer.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(requestBytes(peer, 'events=1000,gap=20', { stream: true }));
    });
    socket.on('error', reject);
    socket.on('data', (part) => {
      if (!part.includes('token')) return;
      socket.destroy();
      resolve(Date.now());
    });
  });
}

async function noticedAt(upstream: Peer): Promise<number> {
  const end = performance.now() + AT_MOST_MS;
  while (performance.now() < end) {
    const [first] = (await stats(upstream)).aborted;
    if (first !== undefined) return first;
    await new Promise((done) => setTimeout(done, 2));
  }
  return Number.POSITIVE_INFINITY;
}

async function stats(upstream: Peer): Promise<{ open: number; aborted: number[] }> {
  const answer = await fetch(`${upstream.url}/stats`);
  return (await answer.json()) as { open: number; aborted: number[] };
}
