import { describe, expect, it } from 'vitest';
import { anchored, isDue, timesFrom, weekAt, weekStart } from '../../src/keys/rotation.ts';
import { DAY, HOUR, NOON, WEEK } from '../support/fake-clock.ts';

const weekly = { periodMs: WEEK };
const mondays = { periodMs: WEEK, cron: '0 6 * * 1' };

describe('a key without a cron pattern', () => {
  it('lives exactly one period', () => {
    expect(timesFrom(NOON, weekly)).toEqual({ createdAt: NOON, expiresAt: NOON + WEEK });
  });

  it('is due from the very millisecond of its expiry on', () => {
    const times = timesFrom(NOON, weekly);
    expect(isDue(times, NOON + WEEK - 1)).toBe(false);
    expect(isDue(times, NOON + WEEK)).toBe(true);
  });
});

describe('a key with a cron pattern', () => {
  it('ends at the hour of the pattern, not later than one period', () => {
    const { expiresAt } = timesFrom(NOON, mondays);
    expect(new Date(expiresAt).toISOString()).toBe('2026-06-08T06:00:00.000Z');
  });

  it('lives the whole period when it was made at that very hour', () => {
    const monday = Date.UTC(2026, 5, 8, 6);
    expect(timesFrom(monday, mondays).expiresAt).toBe(monday + WEEK);
  });

  it('takes the last of several hours within the period', () => {
    const { expiresAt } = timesFrom(NOON, { periodMs: WEEK, cron: '0 6 * * *' });
    expect(new Date(expiresAt).toISOString()).toBe('2026-06-10T06:00:00.000Z');
  });

  it('lives one period when the pattern has no hour in it', () => {
    expect(timesFrom(NOON, { periodMs: WEEK, cron: '0 6 1 1 *' }).expiresAt).toBe(NOON + WEEK);
  });
});

describe('anchoring', () => {
  it('leaves a key alone whose times agree with the clock', () => {
    const times = timesFrom(NOON, weekly);
    expect(anchored(times, NOON + DAY, weekly)).toBe(times);
  });

  it('lets a key from the future live at most one period from now', () => {
    const future = timesFrom(NOON + 30 * DAY, weekly);
    expect(anchored(future, NOON, weekly)).toEqual(timesFrom(NOON, weekly));
  });

  it('shortens a key that was made when the period was longer', () => {
    const long = timesFrom(NOON, { periodMs: 30 * DAY });
    expect(anchored(long, NOON + DAY, weekly).expiresAt).toBe(NOON + WEEK);
  });

  it('never lengthens a key whose period became longer', () => {
    const short = timesFrom(NOON, { periodMs: DAY });
    expect(anchored(short, NOON + HOUR, weekly)).toBe(short);
  });
});

describe('the weeks of derived keys', () => {
  it('follow each other without a gap or an overlap', () => {
    const first = weekAt(NOON, weekly);
    expect(weekAt(first.expiresAt - 1, weekly).week).toBe(first.week);
    expect(weekAt(first.expiresAt, weekly)).toMatchObject({
      week: first.week + 1,
      createdAt: first.expiresAt,
    });
  });

  it('start on Mondays at midnight UTC', () => {
    expect(new Date(weekAt(NOON, weekly).createdAt).toISOString()).toBe('2026-06-01T00:00:00.000Z');
    expect(weekStart(0, weekly)).toBe(Date.UTC(2024, 0, 1));
  });

  it('start at the hour of the pattern where there is one', () => {
    const before = weekAt(Date.UTC(2026, 5, 8, 5, 59, 59), mondays);
    const after = weekAt(Date.UTC(2026, 5, 8, 6), mondays);
    expect(after.week).toBe(before.week + 1);
    expect(new Date(after.createdAt).toISOString()).toBe('2026-06-08T06:00:00.000Z');
    expect(before.expiresAt).toBe(after.createdAt);
  });

  it('follow each other for a pattern that misses some of them', () => {
    const monthly = { periodMs: WEEK, cron: '0 6 1 * *' };
    for (let now = NOON; now < NOON + 10 * WEEK; now += 7 * HOUR) {
      const { week, createdAt, expiresAt } = weekAt(now, monthly);
      expect(createdAt).toBeLessThanOrEqual(now);
      expect(expiresAt).toBeGreaterThan(now);
      expect(weekAt(expiresAt, monthly).week).toBe(week + 1);
    }
  });
});
