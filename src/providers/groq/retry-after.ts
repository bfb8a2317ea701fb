/**
 * How long an answer asks to wait, in milliseconds: `retry-after-ms`, or `retry-after` in seconds
 * or as a date (RFC 9110 §10.2.3). Of several, joined by commas, the longest is waited for. Undefined
 * when it doesn't say, or says nonsense.
 */
export function retryAfterMs(
  headers: Readonly<Record<string, string>>,
  now: () => number = Date.now,
): number | undefined {
  const exact = longest(headers['retry-after-ms']);
  if (exact !== undefined) return exact;
  const given = headers['retry-after'];
  const seconds = longest(given);
  if (seconds !== undefined) return seconds * 1000;
  if (!given) return undefined;
  const date = Date.parse(given);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now());
}

/** The greatest of the numbers that a header holds; undefined where it holds anything else. */
function longest(header: string | undefined): number | undefined {
  if (!header?.trim()) return undefined;
  const most = Math.max(...header.split(',').map(Number));
  return most >= 0 ? most : undefined;
}
