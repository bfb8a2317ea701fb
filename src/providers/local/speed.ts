import type { Timings } from './protocol.ts';

/** What the latest answers tell. */
export type Speed = {
  /** Undefined until something was measured. */
  readonly prefillPerSecond: number | undefined;
  readonly decodePerSecond: number | undefined;
  /** How long the latest turns at the model took. */
  readonly servicesMs: readonly number[];
};

export const UNMEASURED: Speed = {
  prefillPerSecond: undefined,
  decodePerSecond: undefined,
  servicesMs: [],
};

/** What a turn at the model is assumed to take before one was measured. */
const FIRST_GUESS_MS = 5_000;
/** So many turns say what a turn takes; one very long one among them says nothing. */
const KEPT_TURNS = 9;
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

/** Takes the time of one turn at the model into account. */
export function withService(speed: Speed, serviceMs: number): Speed {
  return { ...speed, servicesMs: [...speed.servicesMs, serviceMs].slice(-KEPT_TURNS) };
}

/** How long it will be until everybody in the line was served. */
export function lineMs(speed: Speed, waiting: number, servedSinceMs: number): number {
  const turns = [...speed.servicesMs].sort((one, other) => one - other);
  const each = turns[Math.floor(turns.length / 2)] ?? FIRST_GUESS_MS;
  return each * waiting + Math.max(0, each - servedSinceMs);
}

function average(before: number | undefined, latest: number | undefined): number | undefined {
  if (before === undefined || latest === undefined) return latest ?? before;
  return before + (latest - before) * WEIGHT;
}
