import type { ApiError } from './errors.ts';
import type { Cause } from './trail.ts';

/**
 * What may be done after a failed attempt, decided once, by whoever saw it fail:
 * - `retry`: the same model may be asked again;
 * - `retry-once`: the same model may be asked one more time, then it is handed back;
 * - `next`: go on along the chain;
 * - `larger`: go on, but only to a model with a longer context;
 * - `pass`: the caller's own mistake, handed straight back.
 */
export type Verdict = 'retry' | 'retry-once' | 'next' | 'larger' | 'pass';

type Options = {
  readonly cause: Cause;
  readonly verdict: Verdict;
  /** Whether the circuit breaker counts it: the provider's faults only. */
  readonly countsAsFault: boolean;
  /** What the caller reads if nobody else can answer. */
  readonly answer: ApiError;
  /** How long the provider asked us to wait. */
  readonly retryAfterMs?: number | undefined;
  /** Set when the fault is the whole upstream's (unreachable host), not one model's. */
  readonly everyModel?: boolean | undefined;
  /** What a request asked of a limit that it alone exceeds, in tokens. */
  readonly tokenLimit?: TokenLimit | undefined;
  /** The window that refused it, where the provider named one. */
  readonly refusedBy?: RefusedBy | undefined;
  /** The provider's headers, where it answered: they tell of its limits. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
};

/** A limit in tokens and what was requested of it. */
export type TokenLimit = { readonly limit: number; readonly requested: number };

/** A provider's limit that is used up, in the provider's own words. */
export type RefusedBy = {
  readonly window: 'rpm' | 'rpd' | 'tpm' | 'tpd';
  readonly limit: number;
  readonly used: number;
  readonly requested: number;
};

/** One provider's failure to answer one request. */
export class AttemptError extends Error {
  readonly attemptCause: Cause;
  readonly verdict: Verdict;
  readonly countsAsFault: boolean;
  readonly answer: ApiError;
  readonly retryAfterMs: number | undefined;
  readonly everyModel: boolean;
  readonly tokenLimit: TokenLimit | undefined;
  readonly refusedBy: RefusedBy | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** Who was really asked, where a name was healed; whoever healed it fills it in. */
  askedModel: string | undefined;

  constructor(options: Options) {
    super(options.answer.message, { cause: options.answer.cause });
    this.name = 'AttemptError';
    this.attemptCause = options.cause;
    this.verdict = options.verdict;
    this.countsAsFault = options.countsAsFault;
    this.answer = options.answer;
    this.retryAfterMs = options.retryAfterMs;
    this.everyModel = options.everyModel ?? false;
    this.tokenLimit = options.tokenLimit;
    this.refusedBy = options.refusedBy;
    this.headers = options.headers;
  }
}
