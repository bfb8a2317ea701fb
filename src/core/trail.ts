import { shownProvider } from './shown-name.ts';

/** Why one provider did not answer: the closed list behind `x-fallback-trail`. */
export type Cause =
  | 'timeout'
  | 'connect'
  | '429'
  | 'limit'
  | 'breaker_open'
  | 'auth'
  | 'model_gone'
  | 'context'
  | 'garbage'
  | 'cut'
  | 'stall'
  | 'inband'
  | 'prefill'
  | `${number}`;

/** One provider that was tried and failed. */
export type TrailEntry = {
  /** As `x-served-by` would name it. */
  readonly provider: string;
  readonly cause: Cause;
};

/** The trail as the header shows it: failed providers with their causes, then who answered. */
export function formatTrail(trail: readonly TrailEntry[], servedBy?: string): string {
  if (trail.length === 0) return servedBy ? printable(servedBy) : '';
  const failed = trail.map(({ provider, cause }) => `${printable(provider)}:${cause}`);
  return [...failed, ...(servedBy ? [printable(servedBy)] : [])].join(', ');
}

/** The trail for others than the caller, who may have put anything where a model's name belongs. */
export function shownTrail(trail: readonly TrailEntry[], servedBy?: string): string {
  const shown = trail.map(({ provider, cause }) => ({ provider: shownProvider(provider), cause }));
  return formatTrail(shown, servedBy && shownProvider(servedBy));
}

/** Who answered in another model's place, as `x-model-replaced` shows it. */
export function formatReplaced(asked: string, by: string): string {
  return `${printable(asked)} -> ${printable(by)}`;
}

const UNPRINTABLE = /[^\x21-\x7e]/;

/** A provider's name as a header or a comment line can hold it: callers may name models anyhow. */
export function printable(provider: string): string {
  if (!UNPRINTABLE.test(provider)) return provider;
  return provider.replace(/[^\x21-\x7e]/gu, (character) =>
    // By way of bytes, since half a surrogate pair can't be encoded.
    encodeURIComponent(Buffer.from(character).toString()),
  );
}
