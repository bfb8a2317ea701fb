import type { RefusedBy } from '../../core/attempt.ts';
import { parseGoDuration } from '../../core/go-duration.ts';

const REFUSAL = /\((RPM|RPD|TPM|TPD)\): Limit (\d{1,15}), Used (\d{1,15}), Requested (\d{1,15})\b/;

/**
 * Reads which limit a 429 of Groq's names: "… on tokens per day (TPD): Limit 100000, Used 97050,
 * Requested 3619. Please try again in 9m38.016s". For two of the four windows that is all that ever
 * tells of them.
 */
export function refusedBy(message: unknown): RefusedBy | undefined {
  const found = REFUSAL.exec(String(message).slice(0, 2_000));
  if (!found) return undefined;
  const [, name, limit, used, requested] = found;
  const window = (name ?? '').toLowerCase() as RefusedBy['window'];
  return { window, limit: Number(limit), used: Number(used), requested: Number(requested) };
}

const WAIT = /try again in ([\d.hmsuµn]*[hms])/;

/** How long the message of a 429 asks to wait; undefined where it doesn't say, or says "now". */
export function tryAgainMs(message: unknown): number | undefined {
  const text = WAIT.exec(String(message).slice(0, 2_000))?.[1] ?? '';
  const waitMs = parseGoDuration(text) ?? 0;
  return waitMs > 0 ? Math.ceil(waitMs) : undefined;
}
