import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import type { Loading } from './engine.ts';
import { longStep } from './long-step.ts';

export type Prefilled = {
  /** How many of the prompt's tokens needed no work. */
  readonly cached: number;
  /** What is left: the last step, whose last token the answer's first one is sampled from. */
  readonly rest: readonly Token[];
};

/**
 * Brings the sequence to hold all of the prompt but its last step: keeps what is common with the
 * chat before, fetches a state that was put aside if that has more, and evaluates the rest in
 * steps. The steps that were over before an abort stay.
 */
export async function prefill(
  loading: Loading,
  prompt: readonly Token[],
  signal: AbortSignal,
): Promise<Prefilled> {
  const { sequence, states, pace } = loading;
  const wanted = prompt.slice(0, -1);
  await states.swap(sequence, wanted);
  const cached = await keepCommon(sequence, wanted);
  let done = cached;
  for (let end = stepEnd(); end < prompt.length; end = stepEnd()) {
    signal.throwIfAborted();
    const tokens = prompt.slice(done, end);
    await pace.walk(tokens.length, () =>
      longStep(loading, signal, () => sequence.evaluateWithoutGeneratingNewTokens(tokens)),
    );
    done = end;
  }
  signal.throwIfAborted();
  return { cached, rest: prompt.slice(done) };

  /**
   * Counted from the end, steps lie at the same places whatever was kept; and the short one comes
   * first, where it has little to look back on.
   */
  function stepEnd(): number {
    const size = pace.stepTokens();
    return prompt.length - size * Math.floor((prompt.length - done - 1) / size);
  }
}

/** Forgets what isn't common with these tokens. @returns how many are still there */
export async function keepCommon(sequence: LlamaContextSequence, wanted: Token[]): Promise<number> {
  const common = sequence.compareContextTokens(wanted).firstDifferentIndex;
  const end = sequence.nextTokenIndex;
  if (common < end) await sequence.eraseContextTokenRanges([{ start: common, end }]);
  // Some architectures can't forget a part and start anew.
  return Math.min(common, sequence.nextTokenIndex);
}
