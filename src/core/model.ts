/** A model as OpenAI's `GET /v1/models` lists it, with Groq's extra fields. */
export type Model = {
  readonly id: string;
  readonly object: 'model';
  /** Seconds since the epoch. */
  readonly created: number;
  readonly owned_by: string;
  readonly active: boolean;
  /** Prompt and completion together, in tokens. */
  readonly context_window?: number | undefined;
  readonly [extra: string]: unknown;
};
