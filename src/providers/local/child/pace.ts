import { ownCpuMs } from './heartbeat.ts';

/** How a model's prompts are cut into steps. */
type Cut = {
  /** Prompt tokens that are evaluated at a time where nothing speaks against it. */
  readonly batchTokens: number;
  /** Steps that take longer are made smaller. */
  readonly longestStepMs: number;
};

/**
 * For steps that can't be interrupted. A cancel comes half a step before its end on average, so
 * that the promised 150 ms have room for a longest step of somewhat more.
 */
export const UNINTERRUPTED: Cut = { batchTokens: 64, longestStepMs: 220 };

/**
 * For steps that can: the knee of speed and memory. One that is broken off is work in vain, which
 * keeps them short enough.
 */
export const INTERRUPTED: Cut = { batchTokens: 256, longestStepMs: 2_500 };

/** Smaller steps than this would read the weights more often than they use them. */
const LEAST_TOKENS = 16;

/** How much dearer a token gets with every halving of the step, measured. */
const HALVING = 1.2;

/** The first step also finds the weights unmapped. */
const MEASURED_STEPS = 2;

/** Says how many prompt tokens are evaluated before the next look at the signal. */
export type Pace = {
  /** More tokens are never evaluated at a time. */
  readonly batchTokens: number;
  stepTokens(): number;
  /** Does one step, and learns from it while there is something to learn. */
  walk(tokens: number, step: () => Promise<void>): Promise<void>;
};

/**
 * Finds the largest step that can be waited for. It is settled by the first full steps of a
 * model's life and stays: other steps mean other roundings, and the same prompt must have the same
 * answer. What counts is CPU time, which doesn't grow when others want the CPU too.
 */
export function pace(cut: Cut, { cpuMs = ownCpuMs }: { cpuMs?: () => number } = {}): Pace {
  const { batchTokens } = cut;
  let step = batchTokens;
  const measured: number[] = [];

  return {
    batchTokens,
    stepTokens: () => step,
    async walk(tokens, evaluate) {
      const before = cpuMs();
      await evaluate();
      if (tokens < batchTokens || measured.length === MEASURED_STEPS) return;
      measured.push(cpuMs() - before);
      if (measured.length === MEASURED_STEPS) step = stepFor(Math.min(...measured), cut);
    },
  };
}

/** The step for a model that takes so long for a full one. */
function stepFor(fullStepMs: number, { batchTokens, longestStepMs }: Cut): number {
  let step = batchTokens;
  for (let ms = fullStepMs; ms > longestStepMs && step > LEAST_TOKENS; step /= 2) {
    ms = (ms / 2) * HALVING;
  }
  return step;
}
