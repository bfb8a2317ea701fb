import { effect, signal } from '@preact/signals';
import type { Webhook } from '../shared/webhook.ts';
import { callAsAdmin, secretState } from './secret.ts';

/** The key of the week, as its admin gets it. */
export type IssuedKey = {
  readonly api_key: string;
  readonly expiry: string;
  readonly created: string;
  readonly key_id: string;
  readonly seconds_left: number;
  /** What else must be done to turn a leaked key for good. */
  readonly warning?: string | undefined;
};

export type SignIns = {
  readonly since: string;
  readonly total: Readonly<Record<What, number>>;
  readonly callers: readonly {
    readonly caller: string;
    readonly what: What;
    readonly count: number;
    readonly last: string;
  }[];
};

export type What = 'client_key' | 'admin_secret' | 'metrics_token';

/** What `GET /api/admin` answers; a test holds it against the server's own schema. */
export type AdminReport = {
  readonly version: string;
  readonly key: IssuedKey & {
    readonly mode: 'stored' | 'derived';
    readonly store_error?: string | undefined;
  };
  readonly webhook: Webhook | null;
  readonly failed_sign_ins: SignIns;
};

export type Finding = {
  readonly about: string;
  readonly kind: 'fine' | 'warning' | 'failure';
  readonly found: string;
  readonly mend?: string | undefined;
};

/** What `GET /api/admin/doctor` answers. */
export type DoctorReport = { readonly time: string; readonly findings: readonly Finding[] };

export const report = signal<AdminReport | undefined>(undefined);

/** What the last turn of this page said must be done besides. */
export const turnWarning = signal<string | undefined>(undefined);

/** Counts what was asked for; an answer that something later has overtaken tells nothing any more. */
let latest = 0;

/** @throws CallError */
export async function loadReport(): Promise<void> {
  latest += 1;
  const mine = latest;
  const loaded = (await (await callAsAdmin('/api/admin')).json()) as AdminReport;
  if (mine === latest) report.value = loaded;
}

// Without the secret nothing stays that it had opened.
effect(() => {
  if (secretState.value.kind === 'present') return;
  latest += 1;
  report.value = undefined;
});

/** @throws CallError */
export async function loadFindings(): Promise<DoctorReport> {
  return (await (await callAsAdmin('/api/admin/doctor')).json()) as DoctorReport;
}

/**
 * Turns the key: the old one is refused from this moment on.
 *
 * @throws CallError
 */
export async function turnKey(): Promise<void> {
  const issued = (await (await callAsAdmin('/rotate-key', { method: 'POST' })).json()) as IssuedKey;
  latest += 1;
  turnWarning.value = issued.warning;
  const { value } = report;
  if (value) report.value = { ...value, key: { ...issued, mode: value.key.mode } };
}
