import type { AnswerBend } from './answer.ts';
import type { HttpRequest } from './http-request.ts';
import type { Performance } from './performed.ts';
import type { Refusal } from './refusal.ts';
import type { Wire } from './wire.ts';

/** Everything that a fault needs to answer one request in its own way. */
export interface Scene {
  readonly request: HttpRequest;
  readonly wire: Wire;
  readonly model: string;
  /** The parsed body where it is an object, else an empty one. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The script's step was first met at this time. */
  readonly sinceMs: number;
  /** Pause between two tokens in milliseconds; 0 is as fast as the socket takes them. */
  readonly gapMs: number;
  /** Whether the caller asked for a stream. */
  readonly streams: boolean;
  /** Headers of every answer: date, request id, rate limits as they stand. */
  headers(): Record<string, string>;
  /**
   * Checks the request, the model, the context and the limits, and counts it. A request that
   * Groq would refuse is answered here, and undefined returned.
   */
  admit(bend: AnswerBend): Promise<Performance | undefined>;
  refuse(refusal: Refusal): Promise<void>;
}
