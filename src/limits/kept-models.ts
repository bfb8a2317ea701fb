import { createHash } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { looksLikeName } from '../core/shown-name.ts';
import type { BootTime } from './boot-time.ts';
import type { ModelState } from './key-limiter.ts';
import { WINDOW_NAMES } from './limits.ts';
import type { KeptModel, LimitsState } from './limits-state.ts';
import { isOfTokens, learn } from './model-windows.ts';

/** What may be sent before the windows are kept again. */
export type Claim = { readonly requests: number; readonly tokens: number };

const DIGEST = /^\? [\da-f]{64}$/;

/** Under what a model is kept: a digest of what doesn't look like a name, since a caller may have put a prompt there. */
export function keptName(model: string): string {
  if (looksLikeName(model) || isDigest(model)) return model;
  return `? ${createHash('sha256').update(model).digest('hex')}`;
}

/** Whether a model is known by its digest alone: nobody has named it since it was kept. */
export function isDigest(name: string): boolean {
  return DIGEST.test(name);
}

/** Writes the state of a model down. */
export function keepModel(
  key: string,
  model: string,
  { windows, closedUntil }: ModelState,
  claim: Claim,
  now: number,
): KeptModel {
  // Nobody knows when the calls under way will be counted: like those to come.
  const claimed = {
    requests: claim.requests + windows.inFlight,
    tokens: claim.tokens + windows.tokensInFlight,
  };
  const [rpm, rpd, tpm, tpd] = windows.all.map((window) => {
    const { own, theirs, limit, source } = window;
    const underWay = isOfTokens(window) ? windows.tokensInFlight : windows.inFlight;
    const told = limit === undefined ? 0 : theirs.total(now, limit) - underWay;
    return {
      ...(limit === undefined ? {} : { limit }),
      source,
      counted: own.entries(now),
      theirs: Math.max(0, Math.ceil(told)),
    };
  });
  if (!rpm || !rpd || !tpm || !tpd) throw new Error('a model has four windows');
  const closed_for_ms = Math.max(0, Math.round(closedUntil - now));
  return { key, model: keptName(model), closed_for_ms, windows: { rpm, rpd, tpm, tpd }, claimed };
}

/**
 * Counts in `state` what an earlier process sent. What that one had claimed counts as sent just
 * now: nobody knows whether it was. Limits that the provider told are taken over.
 */
export function restoreModel(
  state: ModelState,
  kept: KeptModel,
  awayMs: number,
  now: number,
): void {
  const { windows } = state;
  state.closedUntil = Math.max(state.closedUntil, now + kept.closed_for_ms - awayMs);
  for (const name of WINDOW_NAMES) {
    const { limit, source, counted, theirs } = kept.windows[name];
    const window = windows.get(name);
    if (source === 'provider' && limit !== undefined) learn(window, limit);
    for (const [ageMs, amount] of counted) windows.restore(name, ageMs + awayMs, amount, now);
    const claimed = isOfTokens({ name }) ? kept.claimed.tokens : kept.claimed.requests;
    if (claimed > 0) windows.restore(name, 0, claimed, now);
    if (window.limit === undefined) continue;
    window.theirs.set(theirs + claimed, now - awayMs);
  }
}

/** The running time is told in steps of this size. */
const UPTIME_STEP_MS = 10;

/**
 * How long the process was away. The machine's own running time is believed before the wall clock,
 * which may have jumped; a wall clock that went back counts as no time at all.
 */
export function awayMs(kept: LimitsState, boot: BootTime | undefined, clock: Clock): number {
  if (kept.boot && boot && kept.boot.id === boot.id) {
    return Math.max(0, boot.uptime_ms - kept.boot.uptime_ms - UPTIME_STEP_MS);
  }
  return Math.max(0, clock.now() - kept.saved_at);
}
