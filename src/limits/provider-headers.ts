import { formatGoDuration, parseGoDuration } from '../core/go-duration.ts';

/** What one pair of Groq's headers says of a window. */
export type HeaderCount = {
  readonly limit: number;
  readonly remaining: number;
  /** Until the window is whole again; undefined where the header is missing or nonsense. */
  readonly resetMs: number | undefined;
};

/**
 * Reads Groq's `x-ratelimit-*`: those of requests speak of the **day**, those of tokens of the
 * **minute** (https://console.groq.com/docs/rate-limits).
 */
export function readCount(
  headers: Readonly<Record<string, string>>,
  kind: 'requests' | 'tokens',
): HeaderCount | undefined {
  const limit = Number(headers[`x-ratelimit-limit-${kind}`] || Number.NaN);
  const remaining = Number(headers[`x-ratelimit-remaining-${kind}`] || Number.NaN);
  if (!(limit > 0 && remaining >= 0)) return undefined;
  const reset = headers[`x-ratelimit-reset-${kind}`];
  return { limit, remaining, resetMs: reset === undefined ? undefined : parseGoDuration(reset) };
}

/** Writes a window in the form in which Groq would. */
export function writeCount(
  kind: 'requests' | 'tokens',
  { limit, remaining, resetMs }: HeaderCount,
): Record<string, string> {
  return {
    [`x-ratelimit-limit-${kind}`]: String(limit),
    [`x-ratelimit-remaining-${kind}`]: String(Math.max(0, Math.floor(remaining))),
    ...(resetMs === undefined ? {} : { [`x-ratelimit-reset-${kind}`]: formatGoDuration(resetMs) }),
  };
}
