import type { UsageState } from '../../usage/usage-state.ts';
import type { ModelsReport } from '../reports/models-schema.ts';
import type { RateLimitsReport } from '../reports/rate-limits-schema.ts';
import { usageCsv } from '../reports/usage-csv.ts';
import { usageReport } from '../reports/usage-report.ts';
import type { Context, Handler } from '../state.ts';

/** What the reports are made of. */
export type Reports = {
  readonly usage: () => UsageState;
  readonly rateLimits: () => RateLimitsReport;
  readonly models: () => Promise<ModelsReport>;
};

/** `GET /api/usage`: totals and the recent requests; `?recent=20` shows fewer of them. */
export function usageRoute({ usage }: Reports): Handler {
  return (ctx) => {
    neverKept(ctx);
    const { recent } = ctx.query;
    const rows =
      typeof recent === 'string' && /^\d{1,4}$/.test(recent) ? Number(recent) : undefined;
    ctx.body = usageReport(usage(), rows);
  };
}

/** `GET /api/usage.csv`: the recent requests, for a spreadsheet. */
export function usageCsvRoute({ usage }: Reports): Handler {
  return (ctx) => {
    neverKept(ctx);
    ctx.type = 'text/csv; charset=utf-8';
    ctx.set('content-disposition', 'attachment; filename="usage.csv"');
    ctx.body = usageCsv(usage().recent);
  };
}

/** `GET /api/rate-limits`: the current windows of every key and model. */
export function rateLimitsRoute({ rateLimits }: Reports): Handler {
  return (ctx) => {
    neverKept(ctx);
    ctx.body = rateLimits();
  };
}

/** `GET /api/models`: what may be asked, with limits, prices, health and other names. */
export function modelsReportRoute({ models }: Reports): Handler {
  return async (ctx) => {
    neverKept(ctx);
    ctx.body = await models();
  };
}

function neverKept(ctx: Context): void {
  ctx.set('cache-control', 'no-store');
}
