import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import type { Loading } from './engine.ts';

/** Prompt tokens that are evaluated at a time: the knee of memory and of speed against waiting. */
export const BATCH_TOKENS = 64;

/** Of a model above this size, a full batch would take longer than a cancel may. */
const LARGE_BYTES = 160 * 2 ** 20;

/**
 * How many tokens a step takes. It follows from the model alone, never from how busy the machine
 * is: other steps mean other roundings, and the same prompt must have the same answer.
 */
export function stepTokensOf(modelBytes: number): number {
  return modelBytes > LARGE_BYTES ? BATCH_TOKENS / 2 : BATCH_TOKENS;
}

/**
 * Brings the sequence to hold all of the prompt but its last token: keeps what is common with the
 * chat before, fetches a state that was put aside if that has more, and evaluates the rest in
 * steps. What was evaluated before an abort stays.
 *
 * @returns how many of the prompt's tokens needed no work
 */
export async function prefill(
  { sequence, states, stepTokens }: Loading,
  prompt: readonly Token[],
  step: () => void,
  signal: AbortSignal,
): Promise<number> {
  const wanted = prompt.slice(0, -1);
  await states.swap(sequence, wanted);
  const cached = await keepCommon(sequence, wanted);
  for (let done = cached; done < wanted.length; ) {
    signal.throwIfAborted();
    // Steps end at the same places whatever was kept.
    const end = Math.min(wanted.length, done - (done % stepTokens) + stepTokens);
    await sequence.evaluateWithoutGeneratingNewTokens(wanted.slice(done, end));
    done = end;
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
