import { z } from 'zod';

const limits = z.object({
  rpm: z.number().nullable(),
  rpd: z.number().nullable(),
  tpm: z.number().nullable(),
  tpd: z.number().nullable(),
});

/** What `GET /api/models` answers. */
export const modelsReportSchema = z.object({
  object: z.literal('list'),
  data: z.array(
    z.looseObject({
      id: z.string(),
      owned_by: z.string(),
      alias_of: z.string().optional(),
      aliases: z.array(z.string()),
      limits: limits.describe('A key; null: not known'),
      price: z
        .object({
          input: z.number(),
          output: z.number(),
          cached_input: z.number().optional(),
        })
        .nullable()
        .describe('US dollars a million tokens; null: not known'),
      health: z
        .enum(['ok', 'failing', 'out_of_quota', 'unavailable'])
        .describe(
          'failing: its circuit breaker is open; out_of_quota: a window is used up for every key',
        ),
    }),
  ),
});

export type ModelsReport = z.infer<typeof modelsReportSchema>;
