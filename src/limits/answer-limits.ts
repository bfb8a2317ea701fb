import { left, type ModelWindow, type ModelWindows } from './model-windows.ts';
import { readCount, writeCount } from './provider-headers.ts';

/**
 * The `x-ratelimit-*` of an answer: the tighter of the provider's count and ours. Requests speak of
 * the day, tokens of the minute, as Groq's own do. Undefined where ours are not.
 */
export function answerLimits(
  windows: ModelWindows,
  headers: Readonly<Record<string, string>>,
  now: number,
): Readonly<Record<string, string>> | undefined {
  const requests = tighter(windows.get('rpd'), 'requests', headers, now);
  const tokens = tighter(windows.get('tpm'), 'tokens', headers, now);
  return requests && tokens ? { ...requests, ...tokens } : (requests ?? tokens);
}

function tighter(
  window: ModelWindow,
  kind: 'requests' | 'tokens',
  headers: Readonly<Record<string, string>>,
  now: number,
): Record<string, string> | undefined {
  const { limit } = window;
  if (limit === undefined) return undefined;
  const told = readCount(headers, kind);
  const remaining = Math.floor(left(window, now));
  if (told && told.limit <= limit && told.remaining <= remaining) return undefined;
  const resetMs = Math.max(window.own.emptyIn(now), window.theirs.fallsTo(0, now, limit));
  return writeCount(kind, { limit, remaining }, resetMs);
}
