import type { Usage } from './chat.ts';
import type { Cause } from './trail.ts';

/** One call of a provider, as the ledger counts it. */
export type AttemptRecord = {
  /** As `x-served-by` would name it. */
  readonly provider: string;
  readonly outcome: 'ok' | 'hung_up' | 'error' | Cause;
  /** What it took; undefined where no token was made. */
  readonly usage: Usage | undefined;
  /** The provider didn't say what it took. */
  readonly isEstimated: boolean;
  readonly ms: number;
  /** Until the answer began; undefined where it never did. */
  readonly firstTokenMs: number | undefined;
};

/** What the road knows of a request that its answer doesn't show. */
export type RequestNote = {
  /** The model that `MODEL_SPLIT` chose. */
  readonly arm?: string;
  readonly cache?: 'hit' | 'miss';
  /** Its stream broke in the middle, and was carried on or not. */
  readonly rescue?: 'rescued' | 'failed';
};

/** Gathers what one request took, over all its attempts, even those that end after it. */
export interface Tally {
  /** An attempt begins. Returns how to report its end, once. */
  begin(): (record: AttemptRecord) => void;
  note(note: RequestNote): void;
}
