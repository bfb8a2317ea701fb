import type { ChatRequest, Usage } from './chat.ts';

/** The provider's four windows, in its own words. */
export const WINDOW_WORDS = {
  rpm: 'requests per minute (RPM)',
  rpd: 'requests per day (RPD)',
  tpm: 'tokens per minute (TPM)',
  tpd: 'tokens per day (TPD)',
} as const;

/** Keeps the calls of one upstream key within the provider's limits. */
export interface Limiter {
  /**
   * Reserves room for one call, or refuses it. Nothing is sent before this resolves: by then the
   * reservation would also outlive a crash.
   *
   * @throws AttemptError with cause `limit` (or `429`, while the provider asked to be left alone).
   */
  admit(request: ChatRequest): Admission | Promise<Admission>;
  /** The smallest share that a window of the model has left, 0 to 1; 1 while nothing is known. */
  quotaLeft(model: string): number;
}

/** One call's reservation. Ends with `unused`, `settled` or `failed`, whichever is first. */
export interface Admission {
  /** The request as it may be sent: with `max_tokens` lowered or set where it must be. */
  readonly request: ChatRequest;
  /** The provider answered: its `x-ratelimit-*` correct what is known. */
  answered(headers: Readonly<Record<string, string>>): void;
  /**
   * What the caller is told beside the provider's own headers: of a changed `max_tokens`, and where
   * our count of a limit is the tighter one. Undefined where there is nothing to tell.
   */
  limits(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> | undefined;
  /** The call was given up before anything was sent. */
  unused(): void;
  /**
   * The answer is over.
   *
   * @param usage what it took; undefined where nobody said.
   * @param pieces how many pieces of it came, for want of a usage.
   */
  settled(usage: Usage | undefined, pieces: number): void;
  /** The call failed or was given up before it was answered. */
  failed(error: unknown): void;
}
