import {
  type LlamaContextSequenceRepeatPenalty,
  LlamaGrammarEvaluationState,
  type SequenceEvaluateOptions,
  type Token,
  TokenBias,
} from 'node-llama-cpp';
import type { Sampling } from '../protocol.ts';
import type { Loading } from './engine.ts';
import { Refused } from './refused.ts';
import { refuseForeignTokens } from './vocabulary.ts';

type Wanted = {
  readonly sampling: Sampling;
  readonly grammar: string | undefined;
  /** The answer's tokens so far, which the penalties look at; it grows. */
  readonly written: readonly Token[];
  /** True from when on the grammar no longer matters. */
  readonly released: () => boolean;
};

/** Translates a job's settings for the sequence. */
export async function samplingOf(
  loading: Loading,
  { sampling, grammar, written, released }: Wanted,
): Promise<SequenceEvaluateOptions> {
  const penalty = penaltyOf(sampling, written, loading.contextSize);
  const state = grammar === undefined ? undefined : await grammarState(loading, grammar);
  return {
    temperature: sampling.temperature,
    topP: sampling.topP,
    topK: sampling.topK,
    minP: sampling.minP,
    seed: sampling.seed,
    yieldEogToken: true,
    ...(penalty ? { repeatPenalty: penalty } : {}),
    ...(sampling.logitBias.length > 0 ? { tokenBias: biasOf(loading, sampling) } : {}),
    ...(state ? { grammarEvaluationState: () => (released() ? undefined : state) } : {}),
  };
}

function penaltyOf(
  { repeatPenalty, frequencyPenalty, presencePenalty }: Sampling,
  written: readonly Token[],
  contextSize: number,
): LlamaContextSequenceRepeatPenalty | undefined {
  if (repeatPenalty === 1 && frequencyPenalty === 0 && presencePenalty === 0) return undefined;
  return {
    punishTokens: () => [...written],
    maxPunishTokens: contextSize,
    penalty: repeatPenalty,
    frequencyPenalty,
    presencePenalty,
  };
}

function biasOf({ model }: Loading, { logitBias }: Sampling): TokenBias {
  const tokens = logitBias.map(([token]) => token);
  refuseForeignTokens(model, tokens, 'logit_bias');
  const bias = TokenBias.for(model);
  for (const [token, logit] of logitBias) {
    // A token id is the library's branded number.
    bias.set(token as Token, logit <= -100 ? 'never' : { logit });
  }
  return bias;
}

async function grammarState(
  { llama, model }: Loading,
  grammar: string,
): Promise<LlamaGrammarEvaluationState> {
  try {
    return new LlamaGrammarEvaluationState({
      model,
      grammar: await llama.createGrammar({ grammar }),
    });
  } catch {
    // Left-recursive, or too large: only llama.cpp can tell.
    const message = "The local model can't follow this JSON schema. Make it simpler.";
    throw new Refused({ code: 'not_supported', message, param: 'response_format' });
  }
}
