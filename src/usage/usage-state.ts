import { z } from 'zod';

const count = z.number().nonnegative();

/** Sums over many requests. Costs are billionths of a dollar. */
export const sums = z.object({
  requests: count,
  /** Calls of providers: several where one failed. */
  attempts: count,
  failed_attempts: count,
  prompt_tokens: count,
  completion_tokens: count,
  cached_tokens: count,
  cost_nano: count,
  latency_ms: count,
  /** Until the first token, over the requests that had one; ledgers of an older form have neither. */
  first_token_ms: count.default(0),
  first_tokens: count.default(0),
});

/** How a request ended for its caller. */
export const outcome = z.enum(['ok', 'refused', 'limited', 'failed', 'hung_up', 'broken']);

/** One request. Neither its content nor any key. */
export const row = z.object({
  /** Epoch milliseconds. */
  at: z.number(),
  /** Its `x-request-id`. */
  id: z.string().optional(),
  route: z.string(),
  model: z.string().nullable(),
  served_by: z.string().nullable(),
  trail: z.string(),
  status: z.number(),
  outcome,
  prompt_tokens: count,
  completion_tokens: count,
  cached_tokens: count,
  /** Part of the tokens was not told by the provider, but estimated. */
  estimated: z.boolean(),
  latency_ms: count,
  first_token_ms: count.nullable(),
  cost_nano: count,
  /** The model that `MODEL_SPLIT` chose. */
  arm: z.string().optional(),
  cache: z.enum(['hit', 'miss']).optional(),
  /** Its stream broke in the middle, and was carried on or not. */
  rescue: z.enum(['rescued', 'failed']).optional(),
});

const usageState = z.object({
  version: z.literal(1),
  /** When the ledger was begun, in epoch milliseconds. */
  since: z.number(),
  total: sums,
  by_model: z.record(z.string(), sums),
  by_day: z.record(z.string(), sums),
  by_outcome: z.record(z.string(), sums),
  by_arm: z.record(z.string(), sums.extend({ errors: count })),
  /** Newest last. */
  recent: z.array(row),
});

export type Sums = z.infer<typeof sums>;
export type ArmSums = Sums & { errors: number };
export type Outcome = z.infer<typeof outcome>;
export type Row = z.infer<typeof row>;

/** What `usage.json` holds. */
export type UsageState = z.infer<typeof usageState>;

/**
 * Reads a kept ledger. There is one version so far; a later one upgrades older forms here.
 *
 * @throws when it is of no known version.
 */
export function parseUsageState(kept: unknown): UsageState {
  return usageState.parse(kept);
}
