import { z } from 'zod';

const amount = z.number().nonnegative();

const windowState = z.object({
  limit: z.number().positive().optional(),
  source: z.enum(['set', 'table', 'provider', 'off']),
  /** What counts, by age in milliseconds when it was kept. */
  counted: z.array(z.tuple([z.number(), amount])),
  /** The provider's own count then. */
  theirs: amount,
});

const modelState = z.object({
  /** A digest of the upstream key. */
  key: z.string(),
  model: z.string(),
  closed_for_ms: amount,
  windows: z.object({
    rpm: windowState,
    rpd: windowState,
    tpm: windowState,
    tpd: windowState,
  }),
  /** Calls under way, and what might have been sent after this was kept. */
  claimed: z.object({ requests: amount, tokens: amount }),
});

const limitsState = z.object({
  version: z.literal(1),
  /** Epoch milliseconds. */
  saved_at: z.number(),
  /** A clock that no one can set: which start of the machine, and how long ago it was. */
  boot: z.object({ id: z.string(), uptime_ms: z.number() }).optional(),
  models: z.array(modelState),
});

/** What `limits.json` holds. */
export type LimitsState = z.infer<typeof limitsState>;

/** One model of one key in it. */
export type KeptModel = z.infer<typeof modelState>;

/**
 * Reads kept windows. There is one version so far; a later one upgrades older forms here.
 *
 * @throws when they are of no known version.
 */
export function parseLimitsState(kept: unknown): LimitsState {
  return limitsState.parse(kept);
}
