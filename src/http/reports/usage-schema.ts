import { z } from 'zod';
import { outcome, row, sums } from '../../usage/usage-state.ts';

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
export type RowView = z.infer<typeof rowView>;
