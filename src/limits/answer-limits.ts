import { left, type ModelWindow, type ModelWindows } from './model-windows.ts';
import { readCount, writeCount } from './provider-headers.ts';

/**
 * The `x-ratelimit-*` of an answer: the tighter of the provider's count and ours. Requests speak of
 * the day, tokens of the minute, as Groq's own do.
 */
export function answerLimits(
  windows: ModelWindows,
  headers: Readonly<Record<string, string>>,
  now: number,
): Readonly<Record<string, string>> {
  return {
    ...tighter(windows.get('rpd'), 'requests', headers, now),
    ...tighter(windows.get('tpm'), 'tokens', headers, now),
  };
}

function tighter(
  window: ModelWindow,
  kind: 'requests' | 'tokens',
  headers: Readonly<Record<string, string>>,
  now: number,
): Record<string, string> {
  const { limit } = window;
  if (limit === undefined) return {};
  const told = readCount(headers, kind);
  const remaining = Math.floor(left(window, now));
  if (told && told.limit <= limit && told.remaining <= remaining) return {};
  const resetMs = Math.max(window.own.emptyIn(now), window.theirs.fallsTo(0, now, limit));
  return writeCount(kind, { limit, remaining }, resetMs);
}
