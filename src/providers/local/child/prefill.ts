import { performance } from 'node:perf_hooks';
import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { BATCH_TOKENS, type Loading } from './engine.ts';

/** How long one step may take, so that a cancel is obeyed soon. */
const STEP_MS = 110;
/** Attention is much slower in small steps than in a full batch; smaller ones than this crawl. */
const LEAST_STEP = 16;

/** How many tokens a step takes; learnt from one answer to the next. */
export type Pace = { tokens: number };

/** The pace of a model that was never asked. */
export function firstPace(): Pace {
  return { tokens: BATCH_TOKENS / 2 };
}

/**
 * Brings the sequence to hold all of the prompt but its last token: keeps what is common with the
 * chat before, fetches a state that was put aside if that has more, and evaluates the rest in
 * steps. What was evaluated before an abort stays.
 *
 * @returns how many of the prompt's tokens needed no work
 */
export async function prefill(
  { sequence, states, pace }: Loading,
  prompt: readonly Token[],
  step: () => void,
  signal: AbortSignal,
): Promise<number> {
  const wanted = prompt.slice(0, -1);
  await states.swap(sequence, wanted);
  const cached = await keepCommon(sequence, wanted);
  for (let done = cached; done < wanted.length; ) {
    signal.throwIfAborted();
    const chunk = wanted.slice(done, done + pace.tokens);
    const started = performance.now();
    await sequence.evaluateWithoutGeneratingNewTokens(chunk);
    done += chunk.length;
    if (chunk.length >= LEAST_STEP) adapt(pace, chunk.length, performance.now() - started);
    step();
  }
  signal.throwIfAborted();
  return cached;
}

async function keepCommon(sequence: LlamaContextSequence, wanted: Token[]): Promise<number> {
  const common = sequence.compareContextTokens(wanted).firstDifferentIndex;
  const end = sequence.nextTokenIndex;
  if (common < end) await sequence.eraseContextTokenRanges([{ start: common, end }]);
  // Some architectures can't forget a part and start anew.
  return Math.min(common, sequence.nextTokenIndex);
}

function adapt(pace: Pace, tokens: number, tookMs: number): void {
  const fitting = Math.floor((tokens * STEP_MS) / Math.max(tookMs, 1));
  pace.tokens = Math.max(LEAST_STEP, Math.min(BATCH_TOKENS, fitting));
}
