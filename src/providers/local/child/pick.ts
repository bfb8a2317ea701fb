import type { SequenceEvaluateOptions } from 'node-llama-cpp';
import type { NativeContext, NativeSampler } from './internals.ts';

export type Picked = {
  /** -1 when no token is allowed. */
  readonly id: number;
  /** From 0 to 1, where it is weighed. */
  readonly probability?: number | undefined;
};

/** A way to pick a token, and the settings that the sampler needs for it. */
export type Pick = {
  readonly options: SequenceEvaluateOptions;
  pick(native: NativeContext, logits: number, sampler: NativeSampler): Promise<Picked>;
};

/** Among so many the likeliest is weighed; what is left of the vocabulary has next to no chance. */
const RIVALS = 40;

/** Picks as the options say. */
export function plainPick(options: SequenceEvaluateOptions): Pick {
  return {
    options,
    pick: async (native, logits, sampler) => ({ id: await native.sampleToken(logits, sampler) }),
  };
}

/** Picks as the options say, and says how likely it was. */
export function weighedPick(options: SequenceEvaluateOptions): Pick {
  return options.temperature === 0 ? likeliest(options) : drawn(options);
}

function drawn(options: SequenceEvaluateOptions): Pick {
  return {
    options,
    async pick(native, logits, sampler) {
      const [id, , probability] = await native.sampleToken(logits, sampler, false, true);
      return { id, probability };
    },
  };
}

/**
 * To weigh a token at temperature 0, the native part would sort the whole vocabulary, a fifth of a
 * small model's time. Instead it draws among the few likeliest; what it draws is left, and the first
 * of them taken.
 */
function likeliest(options: SequenceEvaluateOptions): Pick {
  return {
    options: { ...options, temperature: 1, topK: RIVALS, topP: 1, minP: 0 },
    async pick(native, logits, sampler) {
      const [, odds = []] = await native.sampleToken(logits, sampler, true);
      const [id = -1, probability] = odds;
      return { id, probability };
    },
  };
}
