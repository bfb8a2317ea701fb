import type { Sampling } from '../protocol.ts';
import type { Loading } from './engine.ts';
import { pieces } from './pieces.ts';
import { keepCommon } from './prefill.ts';
import type { Prompt } from './prompt.ts';
import { samplingOf } from './sampling.ts';
import { seamCutter, seamGrammar } from './seam.ts';
import { type TokenSource, tokenSource } from './tokens.ts';

type Options = {
  readonly prompt: Prompt;
  /** What the answer begins with; from there on the model is free. */
  readonly opening: string;
  readonly sampling: Sampling;
  readonly topLogprobs: number | undefined;
  readonly signal: AbortSignal;
};

/** Forgets what was written after the prompt, and writes an answer that begins with given words. */
export async function openedTokens(
  loading: Loading,
  { prompt, opening, sampling, topLogprobs, signal }: Options,
): Promise<TokenSource> {
  const kept = await keepCommon(loading.sequence, prompt.tokens.slice(0, -1));
  const text = pieces(loading.model, prompt.tokens, { withControls: false });
  const seam = seamCutter(opening);
  const source = tokenSource(loading, {
    rest: prompt.tokens.slice(kept),
    options: await samplingOf(loading, {
      sampling,
      grammar: seamGrammar(opening),
      written: [],
      released: () => seam.passed(),
    }),
    topLogprobs,
    weighed: false,
    signal,
  });
  return {
    async next() {
      const chosen = await source.next();
      if (chosen) seam.add(text.add(chosen.token));
      return chosen;
    },
    close: () => source.close(),
  };
}
