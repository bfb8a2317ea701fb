import { connect } from 'node:net';
import type { Peer } from './lib/peers.ts';
import { requestBytes } from './lib/request.ts';
import { quantile, rounded } from './lib/statistics.ts';

/** Milliseconds from a caller's hang-up in mid-stream to the upstream's notice of it. */
export type HangUpRow = { readonly peer: string; readonly p50: number; readonly p99: number };

/** Hangs up on streams one after the other, and asks the upstream when it noticed. */
export async function benchHangUp(
  upstream: Peer,
  peers: readonly Peer[],
  { times = 50 } = {},
): Promise<HangUpRow[]> {
  const rows: HangUpRow[] = [];
  for (const peer of peers) {
    const took: number[] = [];
    await stats(upstream);
    for (let index = 0; index < times; index++) {
      const hungUpAt = await openAndHangUp(peer);
      took.push((await noticedAt(upstream)) - hungUpAt);
    }
    rows.push({
      peer: peer.name,
      p50: rounded(quantile(took, 0.5)),
      p99: rounded(quantile(took, 0.99)),
    });
  }
  return rows;
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
  for (let tries = 0; tries < 2_000; tries++) {
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
