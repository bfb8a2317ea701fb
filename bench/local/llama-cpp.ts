import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../lib/peers.ts';
import type { Work } from './conversation.ts';
import type { Speeds } from './engine.ts';
import { limitCpu } from './quota.ts';
import type { Endpoint } from './turn.ts';

type Limited = { readonly model: string; readonly cpus: number | undefined };

/** Tokens a second as llama-bench measures them, with one thread. */
export async function llamaBench(
  program: string,
  { model, cpus }: Limited,
  { promptTokens, answerTokens }: Work,
): Promise<Speeds> {
  const lengths = ['-p', String(promptTokens), '-n', String(answerTokens)];
  // At a fraction of a CPU the way there takes longer than what is measured.
  const work = cpus === undefined ? lengths : [...lengths, '--no-warmup'];
  const options = ['-m', model, '-t', '1', '-ngl', '0', '-r', '1', '-o', 'json', ...work];
  const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'ignore'] });
  const quota = limitCpu(child.pid ?? 0, cpus);
  let output = '';
  for await (const text of child.stdout.setEncoding('utf8')) output += text;
  await quota.lift();
  if (output === '') throw new Error(`${program} failed on ${model}`);
  const rows = JSON.parse(output) as { n_prompt: number; n_gen: number; avg_ts: number }[];
  return {
    prefill: rows.find(({ n_gen }) => n_gen === 0)?.avg_ts ?? Number.NaN,
    decode: rows.find(({ n_prompt }) => n_prompt === 0)?.avg_ts ?? Number.NaN,
  };
}

/** A running llama-server. */
export type LlamaServer = {
  readonly endpoint: Endpoint;
  readonly pid: number;
  /** From its start until it takes requests, the model loaded. */
  readonly startMs: number;
  stop(): Promise<void>;
};

/** Starts llama-server with the settings of the server that it is measured beside. */
export async function llamaServer(program: string, { model, cpus }: Limited): Promise<LlamaServer> {
  const port = await freePort();
  const place = ['--host', '127.0.0.1', '--port', String(port)];
  const options = ['-m', model, '-t', '1', '-c', '1024', '-np', '1', '-ngl', '0', ...place];
  const since = performance.now();
  const child = spawn(program, options, { stdio: 'ignore' });
  process.once('exit', () => child.kill('SIGKILL'));
  const quota = limitCpu(child.pid ?? 0, cpus);
  const url = `http://127.0.0.1:${port}`;
  await healthy(url, child);
  return {
    endpoint: { url, headers: {}, model: 'local' },
    pid: child.pid ?? 0,
    startMs: performance.now() - since,
    stop: async () => {
      if (child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
      await quota.lift();
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
