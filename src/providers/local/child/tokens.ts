import type { SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { ChosenLogprob } from '../protocol.ts';
import type { Loading } from './engine.ts';
import { chosenLogprob } from './logprobs.ts';
import { longStep } from './long-step.ts';
import { sampledTokens } from './sampled-tokens.ts';

/** A token of the answer. */
export type Chosen = {
  readonly token: Token;
  /** When it was chosen; it may be shown later. */
  readonly at: number;
  readonly logprob?: ChosenLogprob | undefined;
  /** From 0 to 1, where it was asked for. */
  readonly probability?: number | undefined;
};

/** The answer's tokens, one at a time. */
export type TokenSource = {
  /** Undefined where nothing more is to be said, though the model didn't end. */
  next(): Promise<Chosen | undefined>;
  close(): Promise<void>;
};

type Options = {
  /** What is to be evaluated before the first token: the end of the prompt. */
  readonly rest: readonly Token[];
  readonly options: SequenceEvaluateOptions;
  readonly topLogprobs: number | undefined;
  /** Whether each token comes with its probability; that takes a little longer. */
  readonly weighed: boolean;
  /** Breaks the end of the prompt off; a token of the answer is over soon enough. */
  readonly signal: AbortSignal;
};

/** Samples from where the prompt ends; each token is evaluated only when the next is asked for. */
export function tokenSource(
  loading: Loading,
  { rest, options, topLogprobs, weighed, signal }: Options,
): TokenSource {
  if (topLogprobs !== undefined)
    return explainedTokens(loading, { rest, options, topLogprobs, signal });
  return sampledTokens(loading, { rest, options, weighed, signal });
}

/**
 * Each token with the model's own probabilities, before any sampling setting bends them: the same
 * token is evaluated once more for it, so log probabilities cost as much as the answer itself.
 */
function explainedTokens(
  loading: Loading,
  { rest, options, topLogprobs, signal }: Omit<Options, 'weighed'> & { topLogprobs: number },
): TokenSource {
  const { model, sequence } = loading;
  let input = rest.slice(-1);
  const source = sampledTokens(loading, { rest: input, options, weighed: false, signal });
  let isReady = rest.length === 1;

  function evaluateRest(): Promise<void> {
    return sequence.evaluateWithoutGeneratingNewTokens(rest.slice(0, -1));
  }

  async function peek(): Promise<ReadonlyMap<Token, number>> {
    const start = sequence.nextTokenIndex;
    const [token] = input;
    if (token === undefined) throw new Error('nothing to look at');
    const generateNext = { probabilities: true, options: { temperature: 0 } };
    const [output] = await sequence.controlledEvaluate([[token, { generateNext }]]);
    await sequence.eraseContextTokenRanges([{ start, end: start + 1 }]);
    return output?.next.probabilities ?? new Map();
  }

  return {
    async next() {
      if (!isReady) await longStep(loading, signal, evaluateRest);
      isReady = true;
      const likely = await peek();
      const chosen = await source.next();
      if (!chosen) return undefined;
      input = [chosen.token];
      const logprob = chosenLogprob(model, likely, chosen.token, topLogprobs);
      return { ...chosen, logprob, probability: Math.exp(logprob.logprob) };
    },
    close: () => source.close(),
  };
}
