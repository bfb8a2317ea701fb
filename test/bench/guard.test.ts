import { existsSync } from 'node:fs';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Peer, startBare, startKeyturn, startUpstream } from '../../bench/lib/peers.ts';
import { PATH, requestOf } from '../../bench/lib/request.ts';
import { median } from '../../bench/lib/statistics.ts';

/**
 * What a bare proxy takes of the CPU, as a share of what we take: 0.38 to 0.54 beside other work. A
 * server whose layers all suspend, that copies the request at each, and does one request's work after
 * the other's, comes to 0.21.
 */
const FLOOR = 0.33;

const ROUNDS = 5;
const REQUESTS = 8_000;

let upstream: Peer;
let bare: Peer;
let keyturn: Peer;
beforeAll(async () => {
  upstream = await startUpstream();
  bare = await startBare(upstream);
  keyturn = await startKeyturn(upstream.url);
});
afterAll(async () => {
  for (const peer of [keyturn, bare, upstream]) await peer.stop();
});

test.runIf(existsSync('/proc/self/stat'))(
  'a request takes no more CPU than so many of a bare proxy',
  async () => {
    for (const peer of [bare, keyturn]) await cpuSeconds(peer);
    const shares: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      shares.push((await cpuSeconds(bare)) / (await cpuSeconds(keyturn)));
    }
    expect(median(shares)).toBeGreaterThan(FLOOR);
  },
  120_000,
);

/** CPU that the peer takes for a round of requests, twenty at a time. */
async function cpuSeconds(peer: Peer): Promise<number> {
  const dispatcher = new Agent({ connections: 20 });
  const headers = { 'content-type': 'application/json', ...peer.headers };
  const options = { method: 'POST', headers, body: requestOf('size=600'), dispatcher } as const;
  const before = peer.cpuSeconds();
  let left = REQUESTS;
  const one = async () => {
    while (left-- > 0) {
      const answer = await request(peer.url + PATH, options);
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`${peer.name}: ${answer.statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: 20 }, one));
  await dispatcher.close();
  return peer.cpuSeconds() - before;
}
