import { z } from 'zod';

/** What `GET /api/admin` answers. */
export const adminReportSchema = z.object({
  version: z.string(),
  key: z.object({
    api_key: z.string(),
    expiry: z.string(),
    created: z.string(),
    key_id: z.string(),
    seconds_left: z.number(),
    mode: z.enum(['stored', 'derived']),
    store_error: z.string().optional().describe('The key could not be kept on disk'),
  }),
  webhook: z
    .looseObject({})
    .nullable()
    .describe('How the delivery of ROTATION_WEBHOOK_URL goes; null: none is set'),
  failed_sign_ins: z.object({
    since: z.string().describe('ISO 8601: the start of the server'),
    total: z.object({
      client_key: z.number(),
      admin_secret: z.number(),
      metrics_token: z.number(),
    }),
    callers: z
      .array(
        z.object({
          caller: z.string().describe('A digest of the network, as the log names callers'),
          what: z.enum(['client_key', 'admin_secret', 'metrics_token']),
          count: z.number(),
          last: z.string(),
        }),
      )
      .describe('The latest first, 100 at most'),
  }),
});

const finding = z.object({
  about: z.string(),
  kind: z.enum(['fine', 'warning', 'failure']),
  found: z.string(),
  mend: z.string().optional().describe('What to do about it'),
});

/** What `GET /api/admin/doctor` answers. */
export const doctorReportSchema = z.object({ time: z.string(), findings: z.array(finding) });

export type AdminReport = z.infer<typeof adminReportSchema>;
export type DoctorReport = z.infer<typeof doctorReportSchema>;
