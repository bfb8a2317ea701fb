import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Peer, startKeyturn } from './lib/peers.ts';
import { PATH, requestOf } from './lib/request.ts';
import { median, rounded } from './lib/statistics.ts';
import { throughput } from './lib/wrk.ts';

/** CPU a request with so much behind it. */
export type GrowthRow = {
  readonly pastRequests: number;
  readonly callers: number;
  readonly cpuMicros: number;
};

/** Every limit is on, and far away. */
const SETTINGS = {
  GROQ_LIMITS: JSON.stringify({ '*': { rpm: 1e9, rpd: 1e9, tpm: 1e12, tpd: 1e12 } }),
  CALLER_RPM: '1000000',
  TRUST_PROXY: '1',
};

const PASTS = [1, 1_000, 100_000];
const CROWDS = [1, 10, 1_000];
const ROUNDS = 3;
const SECONDS = 2;

/**
 * Does a request cost more the more there were before, or the more callers there are? The past is
 * made first and read back by a new process, so that all start alike.
 */
export async function benchGrowth(upstream: Peer): Promise<GrowthRow[]> {
  const rows: GrowthRow[] = [];
  for (const past of PASTS) {
    const folder = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));
    await live(upstream, folder, past);
    const keyturn = await startKeyturn(upstream.url, SETTINGS, folder);
    const load = { path: PATH, body: requestOf('size=600'), connections: 20, callers: 1 };
    throughput(keyturn, { ...load, seconds: 4 });
    for (const callers of CROWDS) {
      const runs = Array.from({ length: ROUNDS }, () =>
        throughput(keyturn, { ...load, callers, seconds: SECONDS }),
      );
      const cpuMicros = rounded(median(runs.map((run) => run.cpuMicros)));
      rows.push({ pastRequests: past, callers, cpuMicros });
    }
    await keyturn.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}

/** Lives through so many requests, or a few more, and keeps what it counted. */
async function live(upstream: Peer, folder: string, requests: number): Promise<void> {
  const keyturn = await startKeyturn(upstream.url, SETTINGS, folder);
  const headers = { 'content-type': 'application/json', ...keyturn.headers };
  const body = requestOf('size=600');
  for (let lived = 0; lived < requests; ) {
    if (requests > 10_000) {
      const load = { path: PATH, body, connections: 20, seconds: 5 };
      lived += throughput(keyturn, load).perSecond * 5;
    } else {
      const answer = await fetch(keyturn.url + PATH, { method: 'POST', headers, body });
      await answer.arrayBuffer();
      lived += 1;
    }
  }
  await keyturn.stop();
}
