/** A bucket that drains evenly over its period (ms), as Groq's reset headers show it. */
export function createBucket(limit: number, period: number, now: () => number) {
  let used = 0;
  let atMs = now();
  function level(): number {
    const time = now();
    used = Math.max(0, used - ((time - atMs) * limit) / period);
    atMs = time;
    return used;
  }
  return {
    level,
    add(amount: number) {
      used = Math.max(0, level() + amount);
    },
    remaining: () => Math.max(0, Math.floor(limit - level())),
    waitMs: (cost: number) => Math.max(0, ((level() + cost - limit) * period) / limit),
    resetMs: () => (level() * period) / limit,
  };
}

/** A bucket that drains evenly over its period. */
export type Bucket = ReturnType<typeof createBucket>;
