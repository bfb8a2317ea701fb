import { z } from 'zod';
import { NANOS } from '../../usage/prices.ts';
import {
  outcome,
  type Row,
  row,
  type Sums,
  sums,
  type UsageState,
} from '../../usage/usage-state.ts';

/** A sum of money. */
export const money = z
  .number()
  .nonnegative()
  .describe('US dollars; on the free plan what it would cost');

/** Sums as they are shown. */
export const sumsView = sums.omit({ cost_nano: true }).extend({
  total_tokens: z.number(),
  cost: money,
});

const armView = sumsView.extend({
  errors: z.number(),
  mean_latency_ms: z.number().nullable(),
});

/** A request as it is shown. */
export const rowView = row
  .omit({ at: true, cost_nano: true })
  .extend({ time: z.string(), total_tokens: z.number(), cost: money });

/** What `GET /api/usage` answers. */
export const usageReportSchema = z.object({
  currency: z.literal('USD'),
  since: z.string().describe('ISO 8601'),
  total: sumsView,
  by_model: z.record(z.string(), sumsView),
  by_day: z.record(z.string(), sumsView),
  by_outcome: z.partialRecord(outcome, sumsView),
  by_arm: z.record(z.string(), armView),
  recent: z.array(rowView).describe('The last 1,000 requests, newest first'),
});

export type UsageReport = z.infer<typeof usageReportSchema>;
type RowView = z.infer<typeof rowView>;

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
