import { Cron } from 'croner';

/** When one key was issued and when it stops to pass, in epoch milliseconds. */
export type KeyTimes = { readonly createdAt: number; readonly expiresAt: number };

/** How long a key lives, and at which hours it may turn. */
export type Schedule = {
  readonly periodMs: number;
  /** A cron pattern in UTC; without it a key lives exactly one period. */
  readonly cron?: string | undefined;
};

/** Weeks of derived keys are counted from this Monday, midnight UTC. */
const EPOCH = Date.UTC(2024, 0, 1);

/** True when a key has reached its expiry. */
export function isDue({ expiresAt }: KeyTimes, now: number): boolean {
  return now >= expiresAt;
}

/** The times of a key that is issued now. */
export function timesFrom(createdAt: number, schedule: Schedule): KeyTimes {
  return { createdAt, expiresAt: expiryOf(createdAt, schedule) };
}

/**
 * Re-anchors a key that claims to be from the future (the clock was ahead when it was made): it
 * stays the same key, but lives at most one period from now. A key from before the schedule became
 * shorter ends as early as the new one says. Others come back as they are.
 */
export function anchored<T extends KeyTimes>(times: T, now: number, schedule: Schedule): T {
  if (times.createdAt > now) return { ...times, ...timesFrom(now, schedule) };
  const { expiresAt } = timesFrom(times.createdAt, schedule);
  return times.expiresAt <= expiresAt ? times : { ...times, expiresAt };
}

/** A derived key's place in time: its number since the epoch, and its times. */
export function weekAt(now: number, schedule: Schedule): KeyTimes & { readonly week: number } {
  const guess = Math.floor((now - EPOCH) / schedule.periodMs);
  const week = now < weekStart(guess, schedule) ? guess - 1 : guess;
  return {
    week,
    createdAt: weekStart(week, schedule),
    expiresAt: weekStart(week + 1, schedule),
  };
}

/** The latest hour of the pattern within one period, so that no key lives longer than that. */
function expiryOf(createdAt: number, { periodMs, cron }: Schedule): number {
  const latest = createdAt + periodMs;
  if (!cron) return latest;
  const [match] = pattern(cron).previousRuns(1, new Date(latest + 1));
  if (!match || match.getTime() <= createdAt) return latest;
  return match.getTime();
}

/**
 * When a derived key's week starts: at the first hour of the pattern in it; without one at its own
 * beginning.
 */
export function weekStart(week: number, { periodMs, cron }: Schedule): number {
  const begin = EPOCH + week * periodMs;
  if (!cron) return begin;
  const match =
    pattern(cron)
      .nextRun(new Date(begin - 1))
      ?.getTime() ?? begin;
  return match < begin + periodMs ? match : begin;
}

function pattern(cron: string): Cron {
  return new Cron(cron, { utcOffset: 0, paused: true });
}
