import type { Clock } from '../../src/core/clock.ts';

export const HOUR = 60 * 60 * 1000;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;

/** A Wednesday noon. */
export const NOON = Date.UTC(2026, 5, 3, 12);

/** A clock that stands still until a test moves it, either way. */
export type FakeClock = Clock & { advance(ms: number): void };

export function fakeClock(start = NOON): FakeClock {
  let now = start;
  return {
    now: () => now,
    elapsed: () => now,
    sleep: async () => undefined,
    advance: (ms) => {
      now += ms;
    },
  };
}
