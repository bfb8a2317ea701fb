import { z } from 'zod';
import { WINDOW_NAMES } from '../../limits/limits.ts';

const windowView = z.object({
  window: z.enum(['rpm', 'rpd', 'tpm', 'tpd']),
  limit: z.number().nullable().describe('null: not known'),
  source: z.enum(['set', 'table', 'provider', 'off']),
  used: z.number(),
  remaining: z.number().nullable(),
  reset_ms: z.number().describe('Until nothing counts any more'),
});

/** What `GET /api/rate-limits` answers. */
export const rateLimitsSchema = z.object({
  models: z.array(
    z.object({
      key: z.string().describe('A digest of the upstream key'),
      model: z.string(),
      closed_for_ms: z.number().describe("While the provider's last 429 still asks to wait"),
      windows: z.array(windowView).length(WINDOW_NAMES.length),
    }),
  ),
  concurrency: z.object({ open: z.number(), waiting: z.number(), limit: z.number() }),
});

export type RateLimitsReport = z.infer<typeof rateLimitsSchema>;
