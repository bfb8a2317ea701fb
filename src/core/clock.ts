/** Where time comes from. Injected, so that a test can let a week pass at once. */
export interface Clock {
  /** Milliseconds since the Unix epoch, as the machine's wall clock tells it; may jump either way. */
  now(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() };
