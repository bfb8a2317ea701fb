import type { SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { ChosenLogprob } from '../protocol.ts';
import type { Loading } from './engine.ts';
import { chosenLogprob } from './logprobs.ts';
import type { Prompt } from './prompt.ts';

/** The answer's tokens, one at a time. */
export type TokenSource = {
  next(): Promise<{ readonly token: Token; readonly logprob?: ChosenLogprob | undefined }>;
  close(): Promise<void>;
};

type Options = {
  readonly prompt: Prompt;
  readonly options: SequenceEvaluateOptions;
  readonly topLogprobs: number | undefined;
};

/** Samples from where the prompt ends; each token is evaluated only when the next is asked for. */
export function tokenSource(
  loading: Loading,
  { prompt, options, topLogprobs }: Options,
): TokenSource {
  const { sequence } = loading;
  let input = prompt.tokens.slice(-1);
  const evaluation = sequence.evaluate(input, options);

  return {
    async next() {
      const likely = topLogprobs === undefined ? undefined : await peek();
      const { value: token } = await evaluation.next();
      if (token === undefined) throw new Error('the model gave no token');
      input = [token];
      if (!likely) return { token };
      return { token, logprob: chosenLogprob(loading.model, likely, token, topLogprobs ?? 0) };
    },
    async close() {
      await evaluation.return();
    },
  };

  /**
   * The model's own probabilities, before any sampling setting bends them: the same token is
   * evaluated once more for it, so log probabilities cost as much as the answer itself.
   */
  async function peek(): Promise<ReadonlyMap<Token, number>> {
    const start = sequence.nextTokenIndex;
    const [token] = input;
    if (token === undefined) throw new Error('nothing to look at');
    const generateNext = { probabilities: true, options: { temperature: 0 } };
    const [output] = await sequence.controlledEvaluate([[token, { generateNext }]]);
    await sequence.eraseContextTokenRanges([{ start, end: start + 1 }]);
    return output?.next.probabilities ?? new Map();
  }
}
