import type { ModelView } from '../../limits/limit-book.ts';
import type { RateLimitsReport } from './rate-limits-schema.ts';

/** The current windows, in the form in which people and programs read them. */
export function rateLimitsReport(
  models: readonly ModelView[],
  concurrency: RateLimitsReport['concurrency'],
): RateLimitsReport {
  return {
    models: models.map(({ key, model, windows, closedForMs }) => ({
      key,
      model,
      closed_for_ms: closedForMs,
      windows: windows.map(({ name, resetMs, ...window }) => ({
        window: name,
        ...window,
        reset_ms: resetMs,
      })),
    })),
    concurrency,
  };
}
