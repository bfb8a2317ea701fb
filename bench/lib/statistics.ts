/** The middle one of the values; NaN of none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which that share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Three digits are all that these machines can promise. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

const RESAMPLES = 200;

/**
 * How sure a figure is: drawn again and again from the same rounds (bootstrap), it lies between the two
 * in 95 of 100 cases. The draws are the same each time.
 */
export function interval<T>(
  rounds: readonly T[],
  figure: (rounds: readonly T[]) => number,
): readonly [low: number, high: number] {
  let state = 1;
  const chance = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const drawn = () =>
    rounds.flatMap(() => rounds.slice(Math.floor(chance() * rounds.length))[0] ?? []);
  const figures = Array.from({ length: RESAMPLES }, () => figure(drawn()));
  return [quantile(figures, 0.025), quantile(figures, 0.975)];
}
