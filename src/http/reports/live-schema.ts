import { z } from 'zod';
import { outcome } from '../../usage/usage-state.ts';
import { rateLimitsSchema } from './rate-limits-schema.ts';
import { money, rowView, sumsView } from './usage-schema.ts';

const quantiles = z.object({ p50: z.number(), p95: z.number() }).nullable();

const minuteView = z.object({
  time: z.string().describe('ISO 8601: when the minute began'),
  requests: z.number(),
  failures: z.number().describe('Failed, out of quota, or broken in mid-stream'),
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  cost: money,
  latency_ms: quantiles,
  first_token_ms: quantiles,
  served: z.record(z.string(), z.number()).describe('Requests by the model that answered'),
});

const dayView = z.object({
  day: z.string().describe('UTC, YYYY-MM-DD'),
  requests: z.number(),
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  cost: money,
  mean_latency_ms: z.number().nullable(),
  mean_first_token_ms: z.number().nullable(),
  first_tokens: z.number().describe('Requests that had a first token'),
});

const incidentView = z.object({
  time: z.string(),
  kind: z.enum([
    'fallback',
    'rescue',
    'broken',
    'failed',
    'breaker_open',
    'breaker_closed',
    'key_turned',
  ]),
  model: z.string().nullable(),
  served_by: z.string().nullable(),
  detail: z.string().describe('The trail of a request; the cause of a breaker'),
});

/** What the event `snapshot` of `GET /api/live` holds. */
export const liveReportSchema = z.object({
  time: z.string(),
  health: z.looseObject({}).describe('As GET /health'),
  ready: z.looseObject({}).describe('Whether somebody could answer now, or why nobody could'),
  limits: rateLimitsSchema.describe('As GET /api/rate-limits'),
  usage: z.object({
    since: z.string(),
    total: sumsView,
    by_model: z.record(z.string(), sumsView).describe('The 20 models that answered most'),
    by_outcome: z.partialRecord(outcome, sumsView),
  }),
  hour: z
    .object({ latency_ms: quantiles, first_token_ms: quantiles })
    .describe('Over all requests of the last hour'),
  minutes: z
    .array(minuteView)
    .describe('The last hour, oldest first; minutes without requests are left out'),
  days: z.array(dayView).describe('The last 31 days that had requests, oldest first'),
  incidents: z.array(incidentView).describe('Of the last hour, oldest first, 200 at most'),
  recent: z.array(rowView).describe('The last 200 requests, newest first'),
});

/** What the event `update` holds: the parts that changed, and of the lists what is new or changed in them. */
export const liveUpdateSchema = liveReportSchema.partial().required({ time: true });

/** Why a feed ends: the event `end`. */
export type LiveEnd = 'key_turned' | 'shutting_down';

const liveEndSchema = z.object({
  reason: z.enum(['key_turned', 'shutting_down'] satisfies LiveEnd[]),
});

/** The data of any event of the feed. */
export const liveEventSchema = z.union([liveReportSchema, liveUpdateSchema, liveEndSchema]);

export type LiveReport = z.infer<typeof liveReportSchema>;
export type LiveUpdate = z.infer<typeof liveUpdateSchema>;
