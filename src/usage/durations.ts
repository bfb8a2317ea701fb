/** Each step is 4 % longer than the one before: no quantile is further off than half of that. */
const STEP = Math.log(1.04);

/** Counts durations in steps, so that quantiles of any number of them take little memory. */
export class Durations {
  /** How many fell into each step; a day has fewer than 500 steps. */
  private readonly counts = new Map<number, number>();
  private total = 0;

  add(ms: number): void {
    const step = Math.round(Math.log(Math.min(Math.max(ms, 1), 86_400_000)) / STEP);
    this.counts.set(step, (this.counts.get(step) ?? 0) + 1);
    this.total += 1;
  }

  /** Takes in what another one counted. */
  addAll({ counts, total }: Durations): void {
    for (const [step, count] of counts) this.counts.set(step, (this.counts.get(step) ?? 0) + count);
    this.total += total;
  }

  /** The middle and the slow end in whole milliseconds; null where nothing was counted. */
  summary(): { readonly p50: number; readonly p95: number } | null {
    return this.total === 0 ? null : { p50: this.quantile(0.5), p95: this.quantile(0.95) };
  }

  private quantile(share: number): number {
    const wanted = Math.max(1, Math.ceil(share * this.total));
    const steps = [...this.counts].sort(([one], [other]) => one - other);
    let seen = 0;
    for (const [step, count] of steps) {
      seen += count;
      if (seen >= wanted) return Math.round(Math.exp(step * STEP));
    }
    return 0;
  }
}
