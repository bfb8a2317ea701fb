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
  const failed = trail.map(({ provider, cause }) => `${provider}:${cause}`);
  return [...failed, ...(servedBy ? [servedBy] : [])].join(', ');
}
