import { formatGoDuration } from '../core/go-duration.ts';

/** What one pair of Groq's headers says of a window. */
export type HeaderCount = { readonly limit: number; readonly remaining: number };

const NAMES = {
  requests: [
    'x-ratelimit-limit-requests',
    'x-ratelimit-remaining-requests',
    'x-ratelimit-reset-requests',
  ],
  tokens: ['x-ratelimit-limit-tokens', 'x-ratelimit-remaining-tokens', 'x-ratelimit-reset-tokens'],
} as const;

/**
 * Reads Groq's `x-ratelimit-*`: those of requests speak of the **day**, those of tokens of the
 * **minute** (https://console.groq.com/docs/rate-limits). The reset is not read: it is the time in
 * which what was used drains evenly over its window, which the other two tell as well.
 */
export function readCount(
  headers: Readonly<Record<string, string>>,
  kind: 'requests' | 'tokens',
): HeaderCount | undefined {
  const [limitName, remainingName] = NAMES[kind];
  const limit = Number(headers[limitName] || Number.NaN);
  const remaining = Number(headers[remainingName] || Number.NaN);
  return isCount(limit) && limit > 0 && isCount(remaining) ? { limit, remaining } : undefined;
}

/** A number that can be added up, and kept as JSON. */
function isCount(value: number): boolean {
  return value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

/** Writes a window in the form in which Groq would, the reset as a Go duration. */
export function writeCount(
  kind: 'requests' | 'tokens',
  { limit, remaining }: HeaderCount,
  resetMs: number,
): Record<string, string> {
  const [limitName, remainingName, resetName] = NAMES[kind];
  return {
    [limitName]: String(limit),
    [remainingName]: String(Math.max(0, Math.floor(remaining))),
    [resetName]: formatGoDuration(resetMs),
  };
}
