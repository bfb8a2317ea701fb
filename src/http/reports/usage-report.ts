import { NANOS } from '../../usage/prices.ts';
import type { Row, Sums, UsageState } from '../../usage/usage-state.ts';
import type { RowView, UsageReport } from './usage-schema.ts';

/** The ledger in the form in which people and programs read it. */
export function usageReport(state: UsageState, rows = state.recent.length): UsageReport {
  const by = (names: Readonly<Record<string, Sums>>) =>
    Object.fromEntries(Object.entries(names).map(([name, each]) => [name, sumsOf(each)]));
  return {
    currency: 'USD',
    since: new Date(state.since).toISOString(),
    total: sumsOf(state.total),
    by_model: by(state.by_model),
    by_day: by(state.by_day),
    by_outcome: by(state.by_outcome),
    by_arm: Object.fromEntries(
      Object.entries(state.by_arm).map(([name, { errors, ...each }]) => [
        name,
        { ...sumsOf(each), errors, mean_latency_ms: meanLatency(each) },
      ]),
    ),
    recent: rows === 0 ? [] : state.recent.slice(-rows).reverse().map(viewOf),
  };
}

/** Brings sums into that form. */
export function sumsOf({ cost_nano, ...each }: Sums) {
  const total_tokens = each.prompt_tokens + each.completion_tokens;
  return { ...each, total_tokens, cost: cost_nano / NANOS };
}

function meanLatency({ requests, latency_ms }: Sums): number | null {
  return requests > 0 ? Math.round(latency_ms / requests) : null;
}

/** A row as it is shown. */
export function viewOf({ at, cost_nano, ...each }: Row): RowView {
  return {
    time: new Date(at).toISOString(),
    ...each,
    total_tokens: each.prompt_tokens + each.completion_tokens,
    cost: cost_nano / NANOS,
  };
}
