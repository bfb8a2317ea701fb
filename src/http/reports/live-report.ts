import type { Incident } from '../../usage/incidents.ts';
import type { LastHour, Minute } from '../../usage/last-hour.ts';
import { NANOS } from '../../usage/prices.ts';
import type { Row, UsageState } from '../../usage/usage-state.ts';
import type { Readiness } from '../routes/health.ts';
import type { LiveReport } from './live-schema.ts';
import type { RateLimitsReport } from './rate-limits-schema.ts';
import { sumsOf, viewOf } from './usage-report.ts';

/** Rows and days that travel; `GET /api/usage` has them all. */
export const MOST_ROWS = 200;
const MOST_DAYS = 31;
const MOST_MODELS = 20;

/** What the live report is made of. */
export type LiveSources = {
  readonly health: () => object;
  readonly readiness: () => Readiness;
  readonly rateLimits: () => RateLimitsReport;
  readonly usage: () => UsageState;
  readonly hour: Pick<LastHour, 'minutes' | 'durations'>;
};

/** The parts that are replaced as a whole. */
export function wholeParts(
  sources: LiveSources,
): Pick<LiveReport, 'health' | 'ready' | 'limits' | 'usage' | 'hour'> {
  const state = sources.usage();
  return {
    health: { ...sources.health() },
    ready: { ...sources.readiness() },
    limits: sources.rateLimits(),
    hour: sources.hour.durations(),
    usage: {
      since: new Date(state.since).toISOString(),
      total: sumsOf(state.total),
      by_model: Object.fromEntries(
        Object.entries(state.by_model)
          .sort(([, one], [, other]) => other.requests - one.requests)
          .slice(0, MOST_MODELS)
          .map(([model, sums]) => [model, sumsOf(sums)]),
      ),
      by_outcome: Object.fromEntries(
        Object.entries(state.by_outcome).map(([name, sums]) => [name, sumsOf(sums)]),
      ),
    },
  };
}

/** The newest days of the ledger. */
export function dayViews({ by_day }: UsageState, most = MOST_DAYS): LiveReport['days'] {
  return Object.entries(by_day)
    .slice(-most)
    .map(([day, { requests, prompt_tokens, completion_tokens, ...sums }]) => ({
      day,
      requests,
      prompt_tokens,
      completion_tokens,
      cost: sums.cost_nano / NANOS,
      mean_latency_ms: mean(sums.latency_ms, requests),
      mean_first_token_ms: mean(sums.first_token_ms, sums.first_tokens),
      first_tokens: sums.first_tokens,
    }));
}

function mean(sum: number, count: number): number | null {
  return count > 0 ? Math.round(sum / count) : null;
}

/** Minutes as they are shown. */
export function minuteViews(minutes: readonly Minute[]): LiveReport['minutes'] {
  return minutes.map(({ at, cost_nano, served, ...counts }) => ({
    time: new Date(at).toISOString(),
    ...counts,
    cost: cost_nano / NANOS,
    served: { ...served },
  }));
}

/** Incidents as they are shown. */
export function incidentViews(incidents: readonly Incident[]): LiveReport['incidents'] {
  return incidents.map(({ at, ...incident }) => ({
    time: new Date(at).toISOString(),
    ...incident,
  }));
}

/** The newest rows, newest first. */
export function rowViews(rows: readonly Row[]): LiveReport['recent'] {
  return rows.slice(-MOST_ROWS).reverse().map(viewOf);
}
