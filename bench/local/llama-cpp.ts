import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../lib/peers.ts';
import type { Endpoint } from './turn.ts';

/** Tokens a second as llama-bench measures them, with one thread. */
export function llamaBench(program: string, model: string): { prefill: number; decode: number } {
  const options = ['-m', model, '-t', '1', '-ngl', '0', '-r', '2', '-o', 'json'];
  const { stdout, status } = spawnSync(program, [...options, '-p', '500', '-n', '128'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (status !== 0) throw new Error(`${program} failed on ${model}`);
  const rows = JSON.parse(stdout) as { n_prompt: number; n_gen: number; avg_ts: number }[];
  return {
    prefill: rows.find(({ n_gen }) => n_gen === 0)?.avg_ts ?? Number.NaN,
    decode: rows.find(({ n_prompt }) => n_prompt === 0)?.avg_ts ?? Number.NaN,
  };
}

/** A running llama-server. */
export type LlamaServer = {
  readonly endpoint: Endpoint;
  readonly pid: number;
  stop(): Promise<void>;
};

/** Starts llama-server with the settings of the server that it is measured beside. */
export async function llamaServer(program: string, model: string): Promise<LlamaServer> {
  const port = await freePort();
  const place = ['--host', '127.0.0.1', '--port', String(port)];
  const options = ['-m', model, '-t', '1', '-c', '1024', '-np', '1', '-ngl', '0', ...place];
  const child = spawn(program, options, { stdio: 'ignore' });
  process.once('exit', () => child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  await healthy(url, child);
  return {
    endpoint: { url, headers: {}, model: 'local' },
    pid: child.pid ?? 0,
    stop: async () => {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}

async function healthy(url: string, child: { exitCode: number | null }): Promise<void> {
  while (child.exitCode === null) {
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('llama-server ended before it was ready');
}
