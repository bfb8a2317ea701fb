/**
 * How long an answer asks to wait, in milliseconds: `retry-after-ms`, or `retry-after` in seconds
 * or as a date (RFC 9110 §10.2.3). Undefined when it doesn't say, or says nonsense.
 */
export function retryAfterMs(
  headers: Readonly<Record<string, string>>,
  now: () => number = Date.now,
): number | undefined {
  const exact = Number(headers['retry-after-ms'] || Number.NaN);
  if (exact >= 0) return exact;
  const given = headers['retry-after']?.trim();
  if (!given) return undefined;
  const seconds = Number(given);
  if (seconds >= 0) return seconds * 1000;
  const date = Date.parse(given);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now());
}
