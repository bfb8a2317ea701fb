import type { DocumentStore } from '../store/document.ts';
import { emptyKeyState, type KeyState } from './key-state.ts';
import { hashOf, randomSecret, sameHash } from './key-text.ts';

type Options = {
  /** `ADMIN_SECRET`; it wins over a kept one. */
  readonly configured: string | undefined;
  readonly store: DocumentStore<KeyState>;
  readonly onStoreError?: (error: unknown) => void;
  /** Told when the configured one is so short that it could be guessed. */
  readonly onShort?: () => void;
};

/** A configured secret may be shorter, with a warning. */
const MIN_LENGTH = 16;

/** Whether a configured secret could be guessed. */
export const isShortSecret = (secret: string): boolean => secret.length < MIN_LENGTH;

/** The admin secret, and whether this boot made it. */
export type AdminSecret = { readonly secret: string; readonly madeNow: boolean };

/** Finds the admin secret, or makes and keeps one. If it can't be kept, it lasts for this run. */
export async function adminSecret(options: Options): Promise<AdminSecret> {
  const { configured, store, onStoreError, onShort } = options;
  if (configured) {
    if (isShortSecret(configured)) onShort?.();
    return { secret: configured, madeNow: false };
  }
  const kept = (await store.read())?.admin_secret;
  if (kept) return { secret: kept, madeNow: false };
  const secret = randomSecret();
  await store
    .update((current) => ({ ...(current ?? emptyKeyState), admin_secret: secret }))
    .catch((error) => onStoreError?.(error));
  return { secret, madeNow: true };
}

/** Judges a presented admin secret in constant time. */
export type AdminCheck = (presented: string) => boolean;

/** Makes the check for one secret. */
export function adminCheck(secret: string): AdminCheck {
  const expected = hashOf(secret);
  return (presented) => sameHash(hashOf(presented), expected);
}
