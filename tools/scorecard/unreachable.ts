import { launchServer } from '../stage/stage.ts';
import { hear } from './hear.ts';
import type { Verdict } from './judge.ts';
import type { Score } from './run-cases.ts';

/** That a provider can't be reached shows at once, not after a time limit. */
const SOON_MS = 1_000;

/**
 * Fault 23 for a server of ours: no such host, nobody listening, no TLS. The local model answers,
 * whatever it says; a caller who wants none has the error at once.
 */
export async function unreachableScores(
  dist: string,
  labUrl: string,
  settings: Readonly<Record<string, string>>,
): Promise<Score[]> {
  const places: readonly (readonly [name: string, url: string])[] = [
    ['no such host', 'http://keyturn-lab.invalid/openai/v1'],
    ['connection refused', 'http://127.0.0.1:2/openai/v1'],
    ['no TLS', labUrl.replace('http:', 'https:')],
  ];
  const scores: Score[] = [];
  for (const [name, url] of places) {
    const server = await launchServer(dist, { ...settings, GROQ_BASE_URL: url });
    try {
      scores.push(await ask(name, server.url, server.key));
    } finally {
      await server.stop();
    }
  }
  return scores;
}

async function ask(name: string, url: string, key: string): Promise<Score> {
  const body = JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }], stream: true });
  const send = (policy: string) => (signal: AbortSignal) =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json', 'x-fallback': policy },
      ...{ body, signal },
    });
  const bare = await hear(send('local-off'), 20_000);
  const { ending, headers } = await hear(send('on'), 20_000);
  const isSoon = bare.ending === 'error' && bare.tookMs < SOON_MS;
  const verdicts: Readonly<Record<typeof ending, Verdict>> = {
    ...{ complete: isSoon ? 'pass' : 'partial', error: 'safe', broken: 'fail', hang: 'fail' },
  };
  return {
    ...{ number: 23, name: `${name} (stream)`, attempts: '–', gapsMs: [] },
    verdict: verdicts[ending],
    tookMs: Math.round(bare.tookMs),
    sentence: `known after ${Math.round(bare.tookMs)} ms; answered by ${headers.get('x-served-by') ?? 'nobody'}`,
  };
}
