import type { Board } from './board.ts';
import type { Day, Minute } from './report.ts';

/** How far back the page looks. */
export type Span = 'hour' | 'month';

/** Figures over time, one a minute or one a day. A gap is null. */
export type Points = {
  /** Epoch seconds, evenly spaced. */
  readonly times: readonly number[];
  readonly stepSeconds: number;
  readonly answered: readonly number[];
  readonly failed: readonly number[];
  readonly prompt: readonly number[];
  readonly completion: readonly number[];
  readonly cost: readonly number[];
  /** Of an hour: the middle and the slow end. Of a month: the mean alone. */
  readonly latency: readonly Line[];
  readonly firstToken: readonly Line[];
};

export type Line = { readonly label: string; readonly values: readonly (number | null)[] };

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** @param now the server's time in milliseconds */
export function pointsOf(
  { minutes, days }: Pick<Board, 'minutes' | 'days'>,
  span: Span,
  now: number,
): Points {
  return span === 'hour' ? hourPoints(minutes, now) : monthPoints(days, now);
}

function hourPoints(minutes: readonly Minute[], now: number): Points {
  const byTime = new Map(minutes.map((minute) => [Date.parse(minute.time), minute]));
  const times = steps(now, MINUTE_MS, 60);
  const each = times.map((time) => byTime.get(time));
  const line = (name: 'latency_ms' | 'first_token_ms', end: 'p50' | 'p95', label: string) => ({
    label,
    values: each.map((minute) => minute?.[name]?.[end] ?? null),
  });
  return {
    times: times.map((time) => time / 1000),
    stepSeconds: MINUTE_MS / 1000,
    answered: each.map((minute) => (minute ? minute.requests - minute.failures : 0)),
    failed: each.map((minute) => minute?.failures ?? 0),
    prompt: each.map((minute) => minute?.prompt_tokens ?? 0),
    completion: each.map((minute) => minute?.completion_tokens ?? 0),
    cost: each.map((minute) => minute?.cost ?? 0),
    latency: [line('latency_ms', 'p50', 'Median'), line('latency_ms', 'p95', '95th percentile')],
    firstToken: [
      line('first_token_ms', 'p50', 'Median'),
      line('first_token_ms', 'p95', '95th percentile'),
    ],
  };
}

function monthPoints(days: readonly Day[], now: number): Points {
  const byTime = new Map(days.map((day) => [Date.parse(day.day), day]));
  const times = steps(now, DAY_MS, 31);
  const each = times.map((time) => byTime.get(time));
  return {
    times: times.map((time) => time / 1000),
    stepSeconds: DAY_MS / 1000,
    answered: each.map((day) => day?.requests ?? 0),
    failed: [],
    prompt: each.map((day) => day?.prompt_tokens ?? 0),
    completion: each.map((day) => day?.completion_tokens ?? 0),
    cost: each.map((day) => day?.cost ?? 0),
    latency: [{ label: 'Mean', values: each.map((day) => day?.mean_latency_ms ?? null) }],
    firstToken: [{ label: 'Mean', values: each.map((day) => day?.mean_first_token_ms ?? null) }],
  };
}

/** Beginnings of the last so many steps, the one under way included. */
function steps(now: number, stepMs: number, many: number): number[] {
  const last = Math.floor(now / stepMs) * stepMs;
  return Array.from({ length: many }, (_, index) => last - (many - 1 - index) * stepMs);
}

/** The sum of a row of figures. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
