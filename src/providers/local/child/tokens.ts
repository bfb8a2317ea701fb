import type { SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { ChosenLogprob } from '../protocol.ts';
import type { Loading } from './engine.ts';
import { chosenLogprob } from './logprobs.ts';
import { sampledTokens } from './sampled-tokens.ts';

/** The answer's tokens, one at a time. */
export type TokenSource = {
  next(): Promise<{ readonly token: Token; readonly logprob?: ChosenLogprob | undefined }>;
  close(): Promise<void>;
};

type Options = {
  /** What is to be evaluated before the first token: the end of the prompt. */
  readonly rest: readonly Token[];
  readonly options: SequenceEvaluateOptions;
  readonly topLogprobs: number | undefined;
};

/** Samples from where the prompt ends; each token is evaluated only when the next is asked for. */
export function tokenSource(
  loading: Loading,
  { rest, options, topLogprobs }: Options,
): TokenSource {
  if (topLogprobs !== undefined) return explainedTokens(loading, rest, options, topLogprobs);
  return sampledTokens(loading, rest, options);
}

/**
 * Each token with the model's own probabilities, before any sampling setting bends them: the same
 * token is evaluated once more for it, so log probabilities cost as much as the answer itself.
 */
function explainedTokens(
  { model, sequence }: Loading,
  rest: readonly Token[],
  options: SequenceEvaluateOptions,
  top: number,
): TokenSource {
  let input = rest.slice(-1);
  const evaluation = sequence.evaluate(input, options);
  let isReady = rest.length === 1;

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
      if (!isReady) await sequence.evaluateWithoutGeneratingNewTokens(rest.slice(0, -1));
      isReady = true;
      const likely = await peek();
      const { value: token } = await evaluation.next();
      if (token === undefined) throw new Error('the model gave no token');
      input = [token];
      return { token, logprob: chosenLogprob(model, likely, token, top) };
    },
    close: async () => void (await evaluation.return()),
  };
}
