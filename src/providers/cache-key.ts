import { createHash } from 'node:crypto';
import type { ChatRequest } from '../core/chat.ts';
import { offersTools } from './plain-text.ts';

/** Fields that don't touch the answer. */
const IRRELEVANT: ReadonlySet<string> = new Set(['user', 'metadata', 'store', 'service_tier']);

/**
 * The name under which an answer may be kept; undefined for a request that another answer would fit
 * as well: neither at temperature 0 nor seeded, with tools, or asked not to be kept.
 */
export function cacheKey(request: ChatRequest): string | undefined {
  const { params, prompt, models, fallback, noStore } = request;
  const { temperature, seed } = params;
  const isDetermined = temperature === 0 || typeof seed === 'number';
  if (noStore || !isDetermined || offersTools(params)) return undefined;
  const text = JSON.stringify([sorted(params), prompt ?? null, models ?? null, fallback]);
  return createHash('sha256').update(text).digest('base64');
}

/** The order of fields doesn't matter, that of messages does. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => !IRRELEVANT.has(name));
  return Object.fromEntries(
    entries
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}
