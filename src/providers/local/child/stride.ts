import { ownCpuMs } from './heartbeat.ts';
import { Refused } from './refused.ts';

/** A token that takes longer than this, and so many times longer than another one, is none to wait for. */
const LONGEST_MS = 2_000;
const MOST_TIMES = 20;

/** Watches how long each token of an answer takes that a grammar holds to its form. */
export type Stride = {
  /**
   * A token was chosen.
   *
   * @throws Refused when the grammar has become too much to follow
   */
  step(): void;
};

/**
 * Where a schema can be read in two ways at every step, its readings double with each token, and so
 * does the time: nothing in llama.cpp ends that before half a minute is over. What counts is CPU
 * time, which doesn't pass while others have the CPU or the machine sleeps.
 *
 * @param param the field of the request that holds the schema
 */
export function strideOf(
  param: string,
  { cpuMs = ownCpuMs }: { cpuMs?: () => number } = {},
): Stride {
  let last: number | undefined;
  let shortest = Infinity;

  return {
    step() {
      const now = cpuMs();
      if (last !== undefined) {
        const took = now - last;
        if (took > LONGEST_MS && took > MOST_TIMES * shortest) throw tooManyReadings(param);
        shortest = Math.min(shortest, took);
      }
      last = now;
    },
  };
}

function tooManyReadings(param: string): Refused {
  return new Refused({
    code: 'not_supported',
    message:
      "The local model can't follow this JSON schema: an answer can be read by it in too many ways. " +
      'Make its alternatives begin differently.',
    param,
  });
}
