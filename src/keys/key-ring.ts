import type { KeyTimes } from './rotation.ts';

/** The valid client key, as an admin gets it. */
export type IssuedKey = KeyTimes & {
  readonly key: string;
  readonly keyId: string;
  /** Until the key turns by itself. */
  readonly secondsLeft: number;
  /** What the admin must know or do, where turning the key alone was not enough. */
  readonly warning?: string | undefined;
};

/** What a presented key is worth. */
export type KeyVerdict =
  | { readonly kind: 'valid'; readonly expiresAt: number }
  | { readonly kind: 'expired'; readonly turnedAt: number }
  | { readonly kind: 'unknown' };

/** What may be shown to everybody: never the key. */
export type KeyRingState = KeyTimes & {
  readonly mode: 'stored' | 'derived';
  readonly keyId: string;
  /** Why the key could not be kept on disk, if so: it then lives in memory only. */
  readonly storeError?: string | undefined;
};

/**
 * Holds the one valid client key and turns it when its time is up. Every call looks at the clock
 * first, so an expired key never passes because a timer was late.
 */
export interface KeyRing {
  /** The valid key. */
  current(): Promise<IssuedKey>;
  /** Judges a presented key in constant time; at once, unless the valid one has to be turned first. */
  check(presented: string): KeyVerdict | Promise<KeyVerdict>;
  /** Turns the key now: the old one is refused from this moment on. */
  rotate(): Promise<IssuedKey>;
  /** Turns the key if it is due; also tries again to keep what could not be kept. */
  look(): Promise<void>;
  state(): KeyRingState;
}

/** What happens to a ring, for the log. Keys are named by their id only. */
export type KeyRingEvents = {
  readonly onTurned?: (keyId: string, reason: 'first' | 'expired' | 'by hand') => void;
  readonly onStoreError?: (error: unknown) => void;
};
