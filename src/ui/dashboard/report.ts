import type { Webhook } from '../shared/webhook.ts';

/** What the server tells of itself; a test holds these types against the server's own. */
export type Quantiles = { readonly p50: number; readonly p95: number } | null;

export type Minute = {
  /** ISO 8601: when it began. */
  readonly time: string;
  readonly requests: number;
  readonly failures: number;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly cost: number;
  readonly latency_ms: Quantiles;
  readonly first_token_ms: Quantiles;
  readonly served: Readonly<Record<string, number>>;
};

export type Day = {
  /** UTC, YYYY-MM-DD. */
  readonly day: string;
  readonly requests: number;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly cost: number;
  readonly mean_latency_ms: number | null;
  readonly mean_first_token_ms: number | null;
  readonly first_tokens: number;
};

export type Incident = {
  readonly time: string;
  readonly kind:
    | 'fallback'
    | 'rescue'
    | 'broken'
    | 'failed'
    | 'breaker_open'
    | 'breaker_closed'
    | 'key_turned';
  readonly model: string | null;
  readonly served_by: string | null;
  readonly detail: string;
};

export type Request = {
  readonly time: string;
  readonly id?: string | undefined;
  readonly route: string;
  readonly model: string | null;
  readonly served_by: string | null;
  readonly trail: string;
  readonly status: number;
  readonly outcome: 'ok' | 'refused' | 'limited' | 'failed' | 'hung_up' | 'broken';
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly cached_tokens: number;
  readonly estimated: boolean;
  readonly latency_ms: number;
  readonly first_token_ms: number | null;
  readonly cost: number;
  readonly arm?: string | undefined;
  readonly cache?: 'hit' | 'miss' | undefined;
  readonly rescue?: 'rescued' | 'failed' | undefined;
};

export type Window = {
  readonly window: 'rpm' | 'rpd' | 'tpm' | 'tpd';
  readonly limit: number | null;
  readonly used: number;
  readonly remaining: number | null;
  readonly reset_ms: number;
};

export type ModelWindows = {
  readonly key: string;
  readonly model: string;
  readonly closed_for_ms: number;
  readonly windows: readonly Window[];
};

export type Breaker = {
  readonly key: string;
  readonly model: string;
  readonly state: 'closed' | 'open' | 'probing';
  readonly reason?: string;
  readonly probeInMs?: number;
};

/** As `GET /health` has it, as far as it is shown. */
export type Health = {
  readonly version: string;
  readonly uptime_seconds: number;
  readonly key: { readonly key_id: string; readonly created: string; readonly expiry: string };
  readonly store: { readonly status: string; readonly error?: string };
  readonly groq: { readonly configured: boolean; readonly breakers?: readonly Breaker[] };
  readonly local: {
    readonly model: string;
    readonly state: 'off' | 'loading' | 'ready' | 'busy' | 'broken';
    readonly reason?: string;
    readonly queueLength: number;
    readonly queueLimit: number;
    readonly memoryBytes: number;
    readonly answeredTotal: number;
    readonly decodePerSecond?: number;
  };
  readonly webhook?: Webhook;
};

type Sums = { readonly requests: number; readonly total_tokens: number; readonly cost: number };

/** The event `snapshot` of the live feed. */
export type Report = {
  readonly time: string;
  readonly health: Health;
  readonly ready: { readonly isReady: boolean; readonly by?: string; readonly reason?: string };
  readonly limits: {
    readonly models: readonly ModelWindows[];
    readonly concurrency: {
      readonly open: number;
      readonly waiting: number;
      readonly limit: number;
    };
  };
  readonly usage: {
    readonly since: string;
    readonly total: Sums;
    readonly by_model: Readonly<Record<string, Sums>>;
  };
  readonly hour: { readonly latency_ms: Quantiles; readonly first_token_ms: Quantiles };
  readonly minutes: readonly Minute[];
  readonly days: readonly Day[];
  readonly incidents: readonly Incident[];
  readonly recent: readonly Request[];
};
