import { expect, test } from 'vitest';
import { Durations } from '../../src/usage/durations.ts';
import { openIncidents } from '../../src/usage/incidents.ts';
import { lastHour } from '../../src/usage/last-hour.ts';
import type { Row } from '../../src/usage/usage-state.ts';
import { fakeClock, HOUR, NOON } from '../support/fake-clock.ts';

const MINUTE = 60_000;

function rowOf(part: Partial<Row> = {}): Row {
  return {
    ...{ at: NOON, route: '/chat', model: 'm', served_by: 'groq/m', trail: 'groq/m', status: 200 },
    ...{ outcome: 'ok', prompt_tokens: 10, completion_tokens: 5, cached_tokens: 0 },
    ...{ estimated: false, latency_ms: 400, first_token_ms: 100, cost_nano: 7 },
    ...part,
  };
}

test('quantiles of a hundred thousand durations are off by two percent at most', () => {
  const durations = new Durations();
  expect(durations.summary()).toBeNull();
  for (let ms = 1; ms <= 100_000; ms++) durations.add(ms);
  const { p50 = 0, p95 = 0 } = durations.summary() ?? {};
  expect(p50 / 50_000).toBeCloseTo(1, 1);
  expect(Math.abs(p50 / 50_000 - 1)).toBeLessThan(0.021);
  expect(Math.abs(p95 / 95_000 - 1)).toBeLessThan(0.021);
});

test('a minute holds what ended in it, and an hour later nothing is left', () => {
  const clock = fakeClock();
  const hour = lastHour(clock.now, []);
  hour.add(rowOf());
  hour.add(rowOf({ outcome: 'failed', served_by: null, first_token_ms: null, latency_ms: 800 }));
  clock.advance(MINUTE);
  hour.add(rowOf({ served_by: 'local/lifeboat' }));
  const [first, second] = hour.minutes();
  expect(first).toMatchObject({
    ...{ at: NOON, requests: 2, failures: 1, prompt_tokens: 20, completion_tokens: 10 },
    ...{ cost_nano: 14, served: { m: 1 } },
  });
  const { latency_ms, first_token_ms } = hour.durations();
  expect((latency_ms?.p95 ?? 0) / 800).toBeCloseTo(1, 1);
  expect((first_token_ms?.p50 ?? 0) / 100).toBeCloseTo(1, 1);
  expect(second).toMatchObject({ at: NOON + MINUTE, served: { 'local/lifeboat': 1 } });
  clock.advance(59 * MINUTE);
  expect(hour.minutes()).toHaveLength(1);
  clock.advance(MINUTE);
  expect(hour.minutes()).toHaveLength(0);
});

test('a clock that is set back leaves no minute that has yet to come', () => {
  const clock = fakeClock();
  const hour = lastHour(clock.now, []);
  hour.add(rowOf());
  clock.advance(-2 * HOUR);
  hour.add(rowOf());
  expect(hour.minutes().map(({ at }) => at)).toEqual([NOON - 2 * HOUR]);
});

test('names that callers make up do not fill the memory', () => {
  const hour = lastHour(fakeClock().now, []);
  for (let name = 0; name < 500; name++) hour.add(rowOf({ served_by: `groq/made-up-${name}` }));
  const served = hour.minutes()[0]?.served ?? {};
  expect(Object.keys(served)).toHaveLength(21);
  expect(served['other']).toBe(480);
});

test('a restart keeps the hour as far as the ledger has it', () => {
  const kept = [
    rowOf({ at: NOON - 2 * HOUR }),
    rowOf({ at: NOON - 5 * MINUTE, trail: 'a:500, b' }),
  ];
  expect(lastHour(() => NOON, kept).minutes()).toMatchObject([{ requests: 1 }]);
  expect(openIncidents(() => NOON, kept).all()).toMatchObject([{ kind: 'fallback' }]);
});

test('incidents are what did not go as planned, and no more than two hundred', () => {
  const incidents = openIncidents(() => NOON, []);
  incidents.addRow(rowOf());
  incidents.addRow(rowOf({ outcome: 'refused', status: 400, served_by: null, trail: '' }));
  expect(incidents.count()).toBe(0);
  incidents.addRow(rowOf({ trail: 'groq/m:500, local/lifeboat', served_by: 'local/lifeboat' }));
  incidents.addRow(rowOf({ trail: 'groq/m:cut, groq/n', served_by: 'groq/n', rescue: 'rescued' }));
  incidents.addRow(rowOf({ outcome: 'broken', rescue: 'failed' }));
  incidents.addRow(rowOf({ outcome: 'failed', served_by: null }));
  expect(incidents.after(0).map(({ kind }) => kind)).toEqual([
    'fallback',
    'rescue',
    'broken',
    'failed',
  ]);
  expect(incidents.after(3)).toHaveLength(1);
  for (let n = 0; n < 300; n++) incidents.addRow(rowOf({ outcome: 'failed' }));
  expect(incidents.all()).toHaveLength(200);
  expect(incidents.after(300)).toHaveLength(4);
});
