import { z } from 'zod';
import { adminReportSchema, doctorReportSchema } from '../../reports/admin-schema.ts';
import { liveEventSchema, liveReportSchema, liveUpdateSchema } from '../../reports/live-schema.ts';
import { modelsReportSchema } from '../../reports/models-schema.ts';
import { rateLimitsSchema } from '../../reports/rate-limits-schema.ts';
import { usageReportSchema } from '../../reports/usage-schema.ts';

const time = z.iso.datetime();

const issuedKey = z.object({
  api_key: z.string().describe('The key of the week: a secret'),
  key_id: z.string().describe('Names the key without giving it away'),
  created: time,
  expiry: time,
  seconds_left: z.int().min(0),
  warning: z.string().optional().describe('What else must be done to turn a leaked key for good'),
});

const breaker = z.looseObject({
  key: z.string().describe('The end of the upstream key'),
  model: z.string(),
  state: z.enum(['closed', 'open', 'probing']),
});

const health = z.object({
  status: z.literal('ok'),
  version: z.string(),
  uptime_seconds: z.int().min(0),
  key: z.object({
    mode: z.enum(['stored', 'derived']),
    key_id: z.string(),
    created: time,
    expiry: time,
    age_seconds: z.int().min(0),
  }),
  store: z.object({
    status: z.enum(['ok', 'memory only', 'failing']),
    error: z.string().optional(),
  }),
  groq: z.object({ configured: z.boolean(), breakers: z.array(breaker).optional() }),
  local: z.looseObject({
    model: z.string(),
    state: z.enum(['off', 'loading', 'ready', 'busy', 'broken']),
  }),
  webhook: z
    .object({
      host: z.string(),
      status: z.enum(['idle', 'delivered', 'retrying', 'failed']),
      last_event: z.string().nullable(),
      last_delivery: z.string().nullable(),
      attempts: z.int().min(0),
      error: z.string().nullable(),
    })
    .optional()
    .describe('Where `ROTATION_WEBHOOK_URL` is set'),
});

const turnNotice = z.object({
  id: z.string().describe('The same in every repeat'),
  delivery: z.string(),
  type: z.enum(['key.turned', 'key.expiring']),
  time,
  key_id: z.string(),
  created: time,
  expiry: time,
  api_key: z.string().optional().describe('With `ROTATION_WEBHOOK_INCLUDE_KEY=true`, over https'),
});

const ready = z.object({ status: z.literal('ready'), by: z.string() });
const notReady = z.object({ status: z.literal('not ready'), reason: z.string() });

/** Answers about the server itself. The reports' schemas are those that the reports are made by. */
export const SERVER_ANSWERS = {
  UsageReport: usageReportSchema,
  RateLimits: rateLimitsSchema,
  ModelsReport: modelsReportSchema,
  LiveReport: liveReportSchema,
  LiveUpdate: liveUpdateSchema,
  LiveEvent: liveEventSchema,
  AdminReport: adminReportSchema,
  DoctorReport: doctorReportSchema,
  IssuedKey: issuedKey,
  Health: health,
  Ready: ready,
  NotReady: notReady,
  TurnNotice: turnNotice,
} as const;
