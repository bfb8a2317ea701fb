/**
 * Amounts of the last `lengthMs`, in slots: each amount counts until its whole slot has left the
 * window, so the sum is never too low, and too high for at most one slot's time. Adding, taking
 * back and summing cost the same however much was counted; memory is fixed.
 *
 * What is held has no time yet and counts until it gets one. Times are the clock's elapsed
 * milliseconds.
 */
export class SlidingWindow {
  readonly lengthMs: number;
  private readonly slotMs: number;
  private readonly slots: Float64Array;
  /** The oldest slot that still counts. */
  private oldest = Number.NEGATIVE_INFINITY;
  private sum = 0;
  private held = 0;
  private newest = Number.NEGATIVE_INFINITY;

  constructor({ lengthMs, slots }: { lengthMs: number; slots: number }) {
    this.lengthMs = lengthMs;
    this.slotMs = lengthMs / slots;
    this.slots = new Float64Array(slots + 2);
  }

  /** Everything that counts at `now`. */
  total(now: number): number {
    this.forget(now);
    return this.sum + this.held;
  }

  /** Counts an amount that has no time yet. */
  hold(amount: number): void {
    this.held += amount;
  }

  /** Takes back what was held. */
  unhold(amount: number): void {
    this.held = Math.max(0, this.held - amount);
  }

  /** Adds to (or, if negative, takes from) the slot of `at`; one that has left is not touched. */
  add(amount: number, at: number, now: number): void {
    this.forget(now);
    const slot = Math.floor(at / this.slotMs);
    const last = this.oldest + this.slots.length - 1;
    if (slot < this.oldest) return;
    if (amount > 0) this.newest = Math.max(this.newest, slot);
    const index = this.indexOf(Math.min(slot, last));
    const changed = Math.max(0, (this.slots[index] ?? 0) + amount);
    this.sum += changed - (this.slots[index] ?? 0);
    this.slots[index] = changed;
  }

  /**
   * Milliseconds until the sum has fallen to `target`; 0 when it is there already. What is held is
   * taken to get its time now.
   */
  fallsTo(target: number, now: number): number {
    let left = this.total(now);
    for (let slot = this.oldest; left > target; slot++) {
      if (slot >= this.oldest + this.slots.length) return this.lengthMs;
      left -= this.slots[this.indexOf(slot)] ?? 0;
      if (left <= target) return (slot + 1) * this.slotMs + this.lengthMs - now;
    }
    return 0;
  }

  /** Milliseconds until nothing counts any more, as far as is known now. */
  emptyIn(now: number): number {
    if (this.total(now) === 0) return 0;
    if (this.held > 0) return this.lengthMs;
    return (this.newest + 1) * this.slotMs + this.lengthMs - now;
  }

  /** What counts and isn't held, by its least age in milliseconds, oldest first. */
  entries(now: number): [ageMs: number, amount: number][] {
    this.forget(now);
    const found: [number, number][] = [];
    for (let slot = this.oldest; slot < this.oldest + this.slots.length; slot++) {
      const amount = this.slots[this.indexOf(slot)] ?? 0;
      if (amount > 0) found.push([Math.floor(now - (slot + 1) * this.slotMs), amount]);
    }
    return found;
  }

  private forget(now: number): void {
    const first = Math.floor((now - this.lengthMs) / this.slotMs);
    if (first <= this.oldest) return;
    if (first - this.oldest >= this.slots.length) {
      this.slots.fill(0);
      this.sum = 0;
    } else {
      for (let slot = this.oldest; slot < first; slot++) {
        const index = this.indexOf(slot);
        this.sum -= this.slots[index] ?? 0;
        this.slots[index] = 0;
      }
    }
    this.oldest = first;
  }

  private indexOf(slot: number): number {
    const { length } = this.slots;
    return ((slot % length) + length) % length;
  }
}
