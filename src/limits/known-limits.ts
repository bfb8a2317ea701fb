import { FREE_PLAN, type Limits } from './limits.ts';
import type { LimitSource } from './model-windows.ts';

/** `GROQ_LIMITS`: a mode, or limits by model (`*` is every other one). */
type Setting = 'auto' | 'off' | Readonly<Record<string, Limits>>;

/** What is known of a model's limits before it was ever asked. */
export type KnownLimits = (model: string) => { limits: Limits; source: LimitSource };

/**
 * The operator's own limits, else the table of Groq's free plan. The table speaks of Groq alone: at
 * any other address limits are learnt from headers.
 */
export function knownLimits(setting: Setting, baseUrl: string): KnownLimits {
  if (setting === 'off') return () => ({ limits: {}, source: 'off' });
  const own = setting === 'auto' ? {} : setting;
  const table = isGroqs(baseUrl) ? FREE_PLAN : {};
  return (model) => {
    const set = of(own, model) ?? of(own, '*');
    return set
      ? { limits: set, source: 'set' }
      : { limits: of(table, model) ?? {}, source: 'table' };
  };
}

function of(table: Readonly<Record<string, Limits>>, model: string): Limits | undefined {
  return Object.hasOwn(table, model) ? table[model] : undefined;
}

function isGroqs(baseUrl: string): boolean {
  const { hostname } = new URL(baseUrl);
  return hostname === 'groq.com' || hostname.endsWith('.groq.com');
}
