import { signal } from '@preact/signals';
import { CallError, call } from '../shared/call.ts';

const KEPT_AS = 'keyturn.admin';

/** Whether this tab holds the admin secret, and why not any more. */
export type SecretState =
  | { readonly kind: 'absent'; readonly refusal?: string }
  | { readonly kind: 'present' };

// The tab's own storage: it ends with the tab, and no other tab sees it.
let secret = sessionStorage.getItem(KEPT_AS) ?? '';

/** The secret itself leaves this file only in a header. */
export const secretState = signal<SecretState>({ kind: secret ? 'present' : 'absent' });

type Options = Omit<Parameters<typeof call>[1], 'headers'>;

/**
 * Asks as the admin, with the secret of this tab.
 *
 * @throws CallError
 */
export async function callAsAdmin(path: string, options: Options = {}): Promise<Response> {
  try {
    return await call(path, { ...options, headers: { 'admin-secret': secret } });
  } catch (error) {
    if (error instanceof CallError && error.status === 401) forget(error.message);
    throw error;
  }
}

/**
 * Keeps the secret for this tab if the server takes it.
 *
 * @throws CallError
 */
export async function signInAsAdmin(text: string): Promise<void> {
  const tried = text.trim();
  // What a header can hold.
  if (!/^[\x20-\x7e]+$/.test(tried)) {
    throw new CallError('invalid_admin_secret', 'The secret holds a letter that no header can.');
  }
  await call('/api/admin', { headers: { 'admin-secret': tried } });
  secret = tried;
  sessionStorage.setItem(KEPT_AS, tried);
  secretState.value = { kind: 'present' };
}

/** Forgets the secret. */
export function forget(refusal?: string): void {
  secret = '';
  sessionStorage.removeItem(KEPT_AS);
  secretState.value = refusal === undefined ? { kind: 'absent' } : { kind: 'absent', refusal };
}
