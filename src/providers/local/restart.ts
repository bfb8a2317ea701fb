/** How often in a row the child failed, and since when it is left alone. */
export type Failures = { readonly inRow: number; readonly lastAt: number };

export const NO_FAILURES: Failures = { inRow: 0, lastAt: 0 };

/** After this many failures in a row nobody waits for another start. */
const LOOP_LENGTH = 5;
const FIRST_DELAY_MS = 250;
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 300_000;

/** What to do when a child is wanted. */
export type Restart =
  | { readonly kind: 'start'; readonly delayMs: number }
  | { readonly kind: 'pause'; readonly leftMs: number };

/**
 * The first crash is forgiven, the next ones delay the start, and a loop of crashes pauses it:
 * requests are then refused at once, until one may try again.
 */
export function restartAfter({ inRow, lastAt }: Failures, now: number): Restart {
  if (inRow < LOOP_LENGTH) {
    return { kind: 'start', delayMs: inRow < 2 ? 0 : FIRST_DELAY_MS * 2 ** (inRow - 2) };
  }
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (inRow - LOOP_LENGTH));
  const since = now - lastAt;
  if (since >= pause) return { kind: 'start', delayMs: 0 };
  return { kind: 'pause', leftMs: pause - since };
}

/** One more failure in the row. */
export function failedAgain({ inRow }: Failures, now: number): Failures {
  return { inRow: inRow + 1, lastAt: now };
}
