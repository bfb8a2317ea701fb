import { join } from 'node:path';
import { freePort, home, type Peer, startKeyturn } from '../lib/peers.ts';
import { quantile } from '../lib/statistics.ts';
import type { Endpoint } from './turn.ts';

/** The built server with a model of ours, watched from within. */
export type Watched = {
  readonly peer: Peer;
  readonly endpoint: Endpoint;
  /** The process of the model, once it is loaded. */
  modelPid(): Promise<number>;
  /** Hangs up after a while, in the midst of a prompt. @returns milliseconds until the model is free */
  cancelled(prompt: string, afterMs: number): Promise<number>;
  /** Does some work, and says how late the event loop was at most meanwhile, in milliseconds. */
  loopDelayWhile<T>(
    work: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly maxMs: number }>;
};

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Starts the server without a cloud, with one thread for the model. */
export async function watchedKeyturn(model: string): Promise<Watched> {
  const loopPort = await freePort();
  const peer = await startKeyturn('http://127.0.0.1:1', {
    GROQ_API_KEY: '',
    ...{ LOCAL_MODEL: model, LOCAL_THREADS: '1', LOCAL_CONTEXT: '1024' },
    NODE_OPTIONS: `--import=${join(home, 'bench/local/loop-watch.mjs')}`,
    LOOP_PORT: String(loopPort),
  });
  const { url, headers } = peer;
  const health = async () => {
    const answer = await fetch(`${url}/health`);
    return ((await answer.json()) as { local: { pid?: number; state: string } }).local;
  };
  return {
    peer,
    endpoint: { url, headers, model: 'local' },
    modelPid: async () => {
      const { pid } = await health();
      if (pid === undefined) throw new Error('the model is not loaded');
      return pid;
    },
    cancelled: async (content, afterMs) => {
      const hangUp = new AbortController();
      const body = { model: 'local', messages: [{ role: 'user', content }], stream: true };
      const asked = fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: hangUp.signal,
      });
      asked.catch(() => {});
      await pause(afterMs);
      if ((await health()).state !== 'busy') throw new Error('the prompt was too short');
      const since = performance.now();
      hangUp.abort();
      while ((await health()).state === 'busy') await pause(2);
      return performance.now() - since;
    },
    loopDelayWhile: async (work) => {
      await (await fetch(`http://127.0.0.1:${loopPort}/start`)).arrayBuffer();
      const result = await work();
      const answer = await fetch(`http://127.0.0.1:${loopPort}`);
      return { result, maxMs: ((await answer.json()) as { maxMs: number }).maxMs };
    },
  };
}

/**
 * Asks for /health again and again while `work` goes on; milliseconds at the 99th percentile.
 *
 * @param everyMs far apart where the server has a share of a CPU only: asking takes of it
 */
export async function healthWhile<T>(
  url: string,
  work: Promise<T>,
  everyMs: number,
): Promise<{ result: T; p99Ms: number }> {
  const took: number[] = [];
  let isOver = false;
  const over = work.finally(() => {
    isOver = true;
  });
  // Heard at the end, unless /health fails first.
  over.catch(() => {});
  while (!isOver) {
    const since = performance.now();
    await (await fetch(`${url}/health`)).arrayBuffer();
    took.push(performance.now() - since);
    await Promise.race([over.catch(() => {}), pause(everyMs)]);
  }
  return { result: await over, p99Ms: quantile(took, 0.99) };
}
