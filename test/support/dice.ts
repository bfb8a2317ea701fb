/** Chance that repeats itself, so that a failure can be looked at again. */
export type Dice = {
  /** A whole number below `sides`. */
  below(sides: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
};

/** Dice by xorshift. */
export function dice(seed: number): Dice {
  let state = seed * 2_654_435_761 + 1;
  const below = (sides: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % sides;
  };
  return { below, pick: (choices) => choices[below(choices.length)] ?? choices[0] };
}
