/**
 * The provider's own count of a limit, as its headers and refusals tell it: used so much at some
 * moment, draining evenly over the window (which is how Groq's reset headers behave), plus whatever
 * was sent since. Times are the clock's elapsed milliseconds.
 */
export class Drain {
  private readonly lengthMs: number;
  private level = 0;
  private at = Number.NEGATIVE_INFINITY;

  constructor(lengthMs: number) {
    this.lengthMs = lengthMs;
  }

  /** What the provider counts at `now`, as far as it is known. */
  total(now: number, limit: number): number {
    if (now > this.at) {
      const drained = ((now - this.at) * limit) / this.lengthMs;
      this.level = drained >= this.level ? 0 : this.level - drained;
      this.at = now;
    }
    return this.level;
  }

  set(level: number, now: number): void {
    this.level = Math.max(0, level);
    this.at = now;
  }

  add(amount: number, now: number, limit: number): void {
    this.level = Math.max(0, this.total(now, limit) + amount);
  }

  /** Milliseconds until the count has fallen to `target`. */
  fallsTo(target: number, now: number, limit: number): number {
    const above = this.total(now, limit) - target;
    return above <= 0 ? 0 : (above * this.lengthMs) / limit;
  }
}
