import type { Timings } from './protocol.ts';

/** Running averages over the latest answers. */
export type Speed = {
  /** Undefined until something was measured. */
  readonly prefillPerSecond: number | undefined;
  readonly decodePerSecond: number | undefined;
  readonly serviceMs: number | undefined;
};

export const UNMEASURED: Speed = {
  prefillPerSecond: undefined,
  decodePerSecond: undefined,
  serviceMs: undefined,
};

/** What a turn at the model is assumed to take before one was measured. */
const FIRST_GUESS_MS = 5_000;
/** How much the latest measurement counts. */
const WEIGHT = 0.3;
/** Fewer tokens than this say nothing about speed. */
const FEW_TOKENS = 4;

/** Takes an answer's timings into the averages. */
export function withTimings(speed: Speed, timings: Timings): Speed {
  const prefill = timings.prompt_n >= FEW_TOKENS ? timings.prompt_per_second : undefined;
  const decode = timings.predicted_n >= FEW_TOKENS ? timings.predicted_per_second : undefined;
  return {
    ...speed,
    prefillPerSecond: average(speed.prefillPerSecond, prefill),
    decodePerSecond: average(speed.decodePerSecond, decode),
  };
}

/** Takes the time of one turn at the model into the averages. */
export function withService(speed: Speed, serviceMs: number): Speed {
  return { ...speed, serviceMs: average(speed.serviceMs, serviceMs) };
}

/** How long it will be until everybody in the line was served. */
export function lineMs(speed: Speed, waiting: number, servedSinceMs: number): number {
  const each = speed.serviceMs ?? FIRST_GUESS_MS;
  return each * waiting + Math.max(0, each - servedSinceMs);
}

function average(before: number | undefined, latest: number | undefined): number | undefined {
  if (before === undefined || latest === undefined) return latest ?? before;
  return before + (latest - before) * WEIGHT;
}
