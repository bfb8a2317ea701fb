import { cpuUsage } from 'node:process';

/** Prompt tokens that are evaluated at a time: the knee of memory and of speed against waiting. */
export const BATCH_TOKENS = 64;

/** Smaller steps than this would read the weights more often than they use them. */
const LEAST_TOKENS = 16;

/**
 * A step can't be interrupted. A cancel comes half a step before its end on average, so that the
 * promised 150 ms have room for a longest step of somewhat more.
 */
const LONGEST_STEP_MS = 220;

/** How much dearer a token gets with every halving of the step, measured. */
const HALVING = 1.2;

/** The first step also finds the weights unmapped. */
const MEASURED_STEPS = 2;

/** Says how many prompt tokens are evaluated before the next look at the signal. */
export type Pace = {
  stepTokens(): number;
  /** Does one step, and learns from it while there is something to learn. */
  walk(tokens: number, step: () => Promise<void>): Promise<void>;
};

/**
 * Finds the largest step that a cancel can wait for. It is settled by the first full steps of a
 * model's life and stays: other steps mean other roundings, and the same prompt must have the same
 * answer. What counts is CPU time, which doesn't grow when others want the CPU too.
 */
export function pace({ cpuMs = ownCpuMs }: { cpuMs?: () => number } = {}): Pace {
  let step = BATCH_TOKENS;
  const measured: number[] = [];

  return {
    stepTokens: () => step,
    async walk(tokens, evaluate) {
      const before = cpuMs();
      await evaluate();
      if (tokens < BATCH_TOKENS || measured.length === MEASURED_STEPS) return;
      measured.push(cpuMs() - before);
      if (measured.length === MEASURED_STEPS) step = stepFor(Math.min(...measured));
    },
  };
}

/** The step for a model that takes so long for a full one. */
function stepFor(fullStepMs: number): number {
  let step = BATCH_TOKENS;
  for (let ms = fullStepMs; ms > LONGEST_STEP_MS && step > LEAST_TOKENS; step /= 2) {
    ms = (ms / 2) * HALVING;
  }
  return step;
}

function ownCpuMs(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}
