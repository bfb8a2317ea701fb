import type { AnswerOptions } from './answer-text.ts';
import type { Attempt } from './attempts.ts';
import type { Limits } from './limits.ts';
import type { LabModel } from './models.ts';
import type { Afterwards } from './script.ts';
import type { StepInput } from './step.ts';

/** How a lab is set up; everything has a default. */
export type LabOptions = {
  /** 0 lets the system choose. */
  readonly port?: number;
  readonly host?: string;
  /** Another seed, other answers. */
  readonly seed?: number;
  /** Length of an answer in tokens where the prompt doesn't say `[tokens=…]`. */
  readonly answerTokens?: number;
  /** Pause between two tokens in milliseconds; 0 is as fast as the socket takes them. */
  readonly gapMs?: number;
  /** The keys that are valid; without it every key that starts with `gsk_` is. */
  readonly keys?: readonly string[];
  readonly models?: readonly LabModel[];
  /** Limits of every model and key, and those of single models. */
  readonly limits?: Partial<Limits>;
  readonly modelLimits?: Readonly<Record<string, Partial<Limits>>>;
  readonly maxAttempts?: number;
};

/** A running lab. */
export interface Lab {
  /** The base URL to give as `GROQ_BASE_URL`. */
  readonly url: string;
  /** Base URLs at which nothing answers: no such host, nobody listening, no TLS. */
  readonly unreachable: Readonly<Record<'dns' | 'refused' | 'tls', string>>;
  /** Every request that came, oldest first; the objects change while an attempt is under way. */
  readonly attempts: readonly Readonly<Attempt>[];
  /** What the next requests for this model do, in order; `*` is every model without a script. */
  script(
    model: string,
    steps: readonly StepInput[],
    options?: { readonly afterwards?: Afterwards },
  ): void;
  /** The whole answer to a conversation, letter by letter. */
  expected(messages: readonly unknown[] | string, options?: AnswerOptions): string;
  /** Resolves as soon as the attempts satisfy the condition. */
  until(
    condition: (attempts: readonly Readonly<Attempt>[]) => boolean,
    options?: { readonly timeoutMs?: number },
  ): Promise<void>;
  /** From now on this key is answered 401. */
  revoke(key: string): void;
  openSockets(): number;
  /** Stops listening and resets all connections, so that new ones are refused. */
  unplug(): Promise<void>;
  /** Listens again on the same port. */
  plug(): Promise<void>;
  /** Forgets scripts, attempts, revoked keys and used limits. */
  reset(): void;
  close(): Promise<void>;
}
