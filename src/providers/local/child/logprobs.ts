import type { LlamaModel, Token } from 'node-llama-cpp';
import type { ChosenLogprob, TokenLogprob } from '../protocol.ts';
import { tokenBytes } from './token-bytes.ts';

/** What stands for the logarithm of a probability too small for a float. */
const LEAST_LOGPROB = -9999;

/**
 * Describes a chosen token as OpenAI's `logprobs.content` does.
 *
 * @param likely every token's probability, the likeliest first
 */
export function chosenLogprob(
  model: LlamaModel,
  likely: ReadonlyMap<Token, number>,
  chosen: Token,
  top: number,
): ChosenLogprob {
  const others: TokenLogprob[] = [];
  for (const [token, probability] of likely) {
    if (others.length >= top) break;
    others.push(describe(model, token, probability));
  }
  return { ...describe(model, chosen, likely.get(chosen) ?? 0), top_logprobs: others };
}

function describe(model: LlamaModel, token: Token, probability: number): TokenLogprob {
  const text = model.detokenize([token], true);
  return {
    token: text,
    logprob: probability > 0 ? Math.log(probability) : LEAST_LOGPROB,
    bytes: tokenBytes(model, token, text),
  };
}
