import { Agent, request } from 'undici';
import { type Peer, startKeyturn } from './lib/peers.ts';
import { PATH, requestOf } from './lib/request.ts';
import { quantile, rounded } from './lib/statistics.ts';

/** Milliseconds of one request after the other, and how much of that is the server's own. */
export type OpenBreakerRow = {
  readonly road: string;
  readonly p50: number;
  readonly p99: number;
  readonly ownP50: number;
};

const TIMES = 500;

/** What a dying provider costs: its breaker is open, and the next model of the chain answers. */
export async function benchOpenBreaker(upstream: Peer): Promise<OpenBreakerRow[]> {
  const keyturn = await startKeyturn(upstream.url, {
    GROQ_MODEL: 'status=500',
    GROQ_FALLBACK_MODELS: 'size=600',
    RETRY_ATTEMPTS: '1',
    BREAKER_PROBE_MS: '60000',
  });
  try {
    const direct = await timed(upstream, 'size=600');
    const healthy = await timed(keyturn, 'size=600');
    const broken = await timed(keyturn, 'status=500');
    const row = (road: string, took: readonly number[]) => ({
      road,
      p50: rounded(quantile(took, 0.5)),
      p99: rounded(quantile(took, 0.99)),
      ownP50: rounded(quantile(took, 0.5) - quantile(direct, 0.5)),
    });
    return [row('direct', direct), row('healthy', healthy), row('breaker open', broken)];
  } finally {
    await keyturn.stop();
  }
}

async function timed(peer: Peer, model: string): Promise<number[]> {
  const dispatcher = new Agent({ connections: 1 });
  const options = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...peer.headers },
    body: requestOf(model),
    dispatcher,
  } as const;
  const took: number[] = [];
  for (let index = 0; index < TIMES * 2; index++) {
    const since = performance.now();
    const answer = await request(peer.url + PATH, options);
    await answer.body.dump();
    if (answer.statusCode !== 200) throw new Error(`${peer.name}: ${answer.statusCode}`);
    // The first half warms up, and opens the breaker.
    if (index >= TIMES) took.push(performance.now() - since);
  }
  await dispatcher.close();
  return took;
}
