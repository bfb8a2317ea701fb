import type { Timings } from '../protocol.ts';

type Measured = {
  readonly cachedTokens: number;
  readonly promptTokens: number;
  /** From the start of prefill to the first token of the answer. */
  readonly promptMs: number;
  readonly answerTokens: number;
  /** From the first token of the answer to the last. */
  readonly answerMs: number;
};

/** Puts measurements into llama-server's words. */
export function timingsOf(measured: Measured): Timings {
  const { cachedTokens, promptTokens, promptMs, answerTokens, answerMs } = measured;
  const evaluated = promptTokens - cachedTokens;
  return {
    cache_n: cachedTokens,
    prompt_n: evaluated,
    prompt_ms: round(promptMs),
    prompt_per_token_ms: round(promptMs / Math.max(1, evaluated)),
    prompt_per_second: round((evaluated * 1000) / Math.max(0.001, promptMs)),
    predicted_n: answerTokens,
    predicted_ms: round(answerMs),
    predicted_per_token_ms: round(answerMs / Math.max(1, answerTokens)),
    predicted_per_second: round((answerTokens * 1000) / Math.max(0.001, answerMs)),
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
