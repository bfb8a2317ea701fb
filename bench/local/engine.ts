import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMapped } from '../../src/providers/local/opening.ts';
import type { GenerateJob, JobReport } from '../../src/providers/local/protocol.ts';
import { openSession } from '../../src/providers/local/session.ts';
import { home } from '../lib/peers.ts';
import type { Work } from './conversation.ts';
import { words, wordsFor } from './words.ts';

/** Tokens a second. */
export type Speeds = { readonly prefill: number; readonly decode: number };

/** The model's process without the server: orders in, reports out. */
export type Engine = {
  readonly pid: number;
  /** Evaluates a long prompt, then writes an answer to a short one; as llama-bench does it. */
  measure(work: Work, seed: number): Promise<Speeds>;
  stop(): Promise<void>;
};

type Finished = Extract<JobReport, { kind: 'finished' }>;

const JOB: GenerateJob = {
  kind: 'generate',
  turns: [],
  continues: false,
  stop: [],
  sampling: {
    ...{ temperature: 0, topP: 1, topK: 0, minP: 0, seed: 1, logitBias: [] },
    ...{ repeatPenalty: 1, frequencyPenalty: 0, presencePenalty: 0 },
  },
};

/** Starts the built child as the server does with that much CPU, on one thread, and loads the model. */
export async function engineAlone(modelPath: string, cpus: number | undefined): Promise<Engine> {
  const stateFolder = mkdtempSync(join(tmpdir(), 'keyturn-bench-states-'));
  const session = openSession({
    childPath: join(home, 'dist', 'local-child.js'),
    watchdogMs: 120_000,
    order: {
      ...{ kind: 'load', modelPath, contextSize: 1024, threads: 1 },
      embeddings: { mostTokens: 0, stepTokens: undefined },
      mapped: isMapped(cpus),
      ...{ stateFolder, stateCacheBytes: 2 ** 25 },
    },
  });
  process.once('exit', session.close);
  await session.loaded;
  let count: number | undefined;

  async function answer(text: string, maxTokens: number): Promise<Finished> {
    const turns = [{ role: 'user', text } as const];
    const { reports, settled } = session.start({ ...JOB, turns, maxTokens });
    for (;;) {
      const { value, done } = await reports.next();
      if (done) throw new Error('the engine gave no answer');
      if (value.kind !== 'finished') continue;
      await settled;
      return value;
    }
  }

  return {
    pid: session.pid ?? 0,
    async measure({ promptTokens, answerTokens }, seed) {
      count ??= await wordsFor(promptTokens, async (text) => (await answer(text, 1)).promptTokens);
      const long = await answer(words(count, seed), 1);
      const { timings } = await answer(words(10, seed), answerTokens);
      // From the first token to the last one there is one step less than there are tokens.
      const decode = ((timings.predicted_n - 1) * 1000) / timings.predicted_ms;
      return { prefill: long.timings.prompt_per_second, decode };
    },
    async stop() {
      session.close();
      await session.gone;
      rmSync(stateFolder, { recursive: true, force: true });
    },
  };
}
