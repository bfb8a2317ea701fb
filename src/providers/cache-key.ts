import { createHash } from 'node:crypto';
import type { ChatRequest } from '../core/chat.ts';
import { offersTools } from './plain-text.ts';

/** Fields of a request that don't touch the answer; what is named so within others may well. */
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
  const said = Object.entries(params).filter(([name]) => !IRRELEVANT.has(name));
  const relevant = sorted(Object.fromEntries(said));
  const text = JSON.stringify([relevant, prompt ?? null, models ?? null, fallback]);
  return createHash('sha256').update(text).digest('base64');
}

/** The order of fields doesn't matter, that of messages does. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}
