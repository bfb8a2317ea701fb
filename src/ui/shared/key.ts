import { computed, signal } from '@preact/signals';
import { CallError, call } from './call.ts';

const KEPT_AS = 'keyturn.key';

/** How this browser stands with the week's key. */
export type KeyState =
  | { readonly kind: 'absent' }
  /** Kept from an earlier visit; the first answer tells whether it still holds. */
  | { readonly kind: 'unproven' }
  | { readonly kind: 'valid'; readonly expiresAt: number }
  | { readonly kind: 'refused'; readonly hasTurned: boolean; readonly message: string };

let key = localStorage.getItem(KEPT_AS) ?? '';

/** The state of the key; the key itself leaves this file only in a header. */
export const keyState = signal<KeyState>({ kind: key ? 'unproven' : 'absent' });

/** Whether there is a key that may hold. */
export const isSignedIn = computed(() => /^(valid|unproven)$/.test(keyState.value.kind));

/** Another tab has signed in or out. */
addEventListener('storage', ({ key: name, newValue }) => {
  if (name !== KEPT_AS && name !== null) return;
  key = newValue ?? '';
  keyState.value = { kind: key ? 'unproven' : 'absent' };
});

type Options = Omit<Parameters<typeof call>[1], 'headers'> & {
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * Asks with the key that is kept here. Every answer also tells how the key stands.
 *
 * @throws CallError, or the AbortError of a call that was given up.
 */
export async function callWithKey(path: string, options: Options = {}): Promise<Response> {
  const sent = key;
  try {
    const response = await call(path, withHeader(options, sent));
    if (sent === key) accept(response);
    return response;
  } catch (error) {
    if (sent === key && error instanceof CallError && error.status === 401) refuse(error);
    throw error;
  }
}

/**
 * Keeps the key if the server takes it.
 *
 * @throws CallError
 */
export async function signIn(text: string): Promise<void> {
  const tried = text.trim();
  // A header holds nothing else, and a key is nothing else.
  if (!/^[\x21-\x7e]+$/.test(tried)) {
    throw new CallError('invalid_api_key', 'A key is one word that begins with sk-.', 401);
  }
  const response = await call('/api/models', withHeader({}, tried));
  key = tried;
  localStorage.setItem(KEPT_AS, tried);
  accept(response);
}

/** Forgets the key in every tab of this browser. */
export function signOut(): void {
  key = '';
  localStorage.removeItem(KEPT_AS);
  keyState.value = { kind: 'absent' };
}

function withHeader(options: Options, sent: string) {
  return { ...options, headers: { ...options.headers, 'x-api-key': sent } };
}

function accept(response: Response): void {
  const expiresAt = Date.parse(response.headers.get('x-key-expires') ?? '');
  const known = keyState.value;
  if (known.kind === 'valid' && known.expiresAt === expiresAt) return;
  if (!Number.isNaN(expiresAt)) keyState.value = { kind: 'valid', expiresAt };
}

function refuse({ code, message }: CallError): void {
  keyState.value = { kind: 'refused', hasTurned: code === 'expired_api_key', message };
}
