/** One message of a chat, as the child needs it: plain text, three roles. */
export type Turn = {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
  /** What an assistant called in this turn, after its text, with what came back. */
  readonly calls?: readonly PastCall[] | undefined;
};

/** A tool call of the past. Arguments are JSON, as the model wrote them. */
export type PastCall = {
  readonly name: string;
  readonly arguments: string;
  readonly result?: string | undefined;
};

/** How the next token is chosen. Every field is settled before it travels. */
export type Sampling = {
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  readonly minP: number;
  readonly seed: number;
  readonly repeatPenalty: number;
  readonly frequencyPenalty: number;
  readonly presencePenalty: number;
  /** Token ids with what is added to their logit; -100 bans, 100 all but forces. */
  readonly logitBias: readonly (readonly [token: number, bias: number])[];
};

/** How much of a long dialogue a small model gets to see, in tokens. */
export type HistoryCut = {
  /** Whole turns are dropped, oldest first, until the prompt fits. */
  readonly maxTokens: number;
  /** A system prompt longer than this is left out. */
  readonly systemTokens: number;
  /** How many exchanges may stand before the last one. */
  readonly earlierExchanges: number;
};

/** When a small model had better not say what comes to its mind. */
export type Unsure = {
  /** A sentence that the model finds less likely than this, from 0 to 1, isn't said. */
  readonly below: number;
  /** How the answer begins instead, in words that the model goes on from. */
  readonly saysInstead: string;
};

/** Which functions the model may call, and whether it must. */
export type ToolOffer = {
  readonly offered: readonly OfferedTool[];
  /** With `auto` the model decides; otherwise it calls one of the offered, and nothing else. */
  readonly choice: 'auto' | 'required';
  /** Whether it may make several calls in one answer. */
  readonly parallel: boolean;
};

/** A function that the model may call, as its template wants to describe it. */
export type OfferedTool = {
  readonly name: string;
  readonly description?: string | undefined;
  readonly parameters?: unknown;
};

/** One answer to write. */
export type GenerateJob = {
  readonly kind: 'generate';
  readonly turns: readonly Turn[];
  /** True when the last turn is the beginning of the answer, which is carried on exactly. */
  readonly continues: boolean;
  /** Plain text that is carried on as it is, without the template; the turns don't matter then. */
  readonly raw?: string | undefined;
  /** Undefined: as many as the context holds. */
  readonly maxTokens?: number | undefined;
  readonly stop: readonly string[];
  readonly sampling: Sampling;
  /** GBNF text that the answer follows. */
  readonly grammar?: string | undefined;
  /** How many alternatives are reported beside each token; undefined: no log probabilities. */
  readonly topLogprobs?: number | undefined;
  readonly history?: HistoryCut | undefined;
  /** Undefined: every sentence is said, however unsure. */
  readonly unsure?: Unsure | undefined;
  readonly tools?: ToolOffer | undefined;
};

/** Texts, or their tokens, to turn into vectors. */
export type EmbedJob = {
  readonly kind: 'embed';
  readonly inputs: readonly (string | readonly number[])[];
};

/** A chat whose prompt is counted, not answered. */
export type CountJob = Pick<GenerateJob, 'turns' | 'continues' | 'history' | 'tools'> & {
  readonly kind: 'count';
};

export type Job = GenerateJob | EmbedJob | CountJob;

/** What embeddings may take. */
export type EmbeddingRoom = {
  /** Longer texts don't fit into memory beside the chats' context. */
  readonly mostTokens: number;
  /** Tokens that are evaluated at a time at most; undefined: a text is evaluated whole. */
  readonly stepTokens: number | undefined;
};

/** What the child is told first, once. */
export type LoadOrder = {
  readonly kind: 'load';
  readonly modelPath: string;
  readonly contextSize: number;
  readonly embeddings: EmbeddingRoom;
  readonly threads: number;
  /** Whether the weights are mapped from the file, or read into memory on huge pages. */
  readonly mapped: boolean;
  /** Where the states of recent chats are put aside, and how much they may take. */
  readonly stateFolder?: string | undefined;
  readonly stateCacheBytes: number;
};

export type ToChild = LoadOrder | (Job & { readonly id: number }) | Cancel;

type Cancel = { readonly kind: 'cancel'; readonly id: number };

/** A token with its logarithmic probability, as OpenAI lists them. */
export type TokenLogprob = {
  readonly token: string;
  readonly logprob: number;
  readonly bytes: readonly number[];
};

/** A chosen token with the likeliest others at its place. */
export type ChosenLogprob = TokenLogprob & { readonly top_logprobs: readonly TokenLogprob[] };

/** Time and counts of one answer, named as llama-server names them. */
export type Timings = {
  readonly cache_n: number;
  readonly prompt_n: number;
  readonly prompt_ms: number;
  readonly prompt_per_token_ms: number;
  readonly prompt_per_second: number;
  readonly predicted_n: number;
  readonly predicted_ms: number;
  readonly predicted_per_token_ms: number;
  readonly predicted_per_second: number;
};

export type ToolCall = { readonly name: string; readonly arguments: string };

/** Why a job can't be done: the caller's mistake, or a limit of this model. */
export type Refusal = {
  readonly code: 'context_length_exceeded' | 'not_supported' | 'invalid_request';
  readonly message: string;
  readonly param?: string | undefined;
};

export type Loaded = {
  readonly kind: 'loaded';
  readonly contextSize: number;
  readonly loadMs: number;
  readonly residentBytes: number;
};

/** What the child says about a job. */
export type JobReport =
  /** The job has arrived; what happens from now on is about it. */
  | { readonly kind: 'accepted'; readonly id: number }
  | {
      readonly kind: 'text';
      readonly id: number;
      readonly text: string;
      readonly logprobs?: readonly ChosenLogprob[] | undefined;
    }
  | { readonly kind: 'called'; readonly id: number; readonly calls: readonly ToolCall[] }
  | JobEnd;

/** The last word on a job; the child is free again. */
export type JobEnd =
  | {
      readonly kind: 'finished';
      readonly id: number;
      readonly reason: 'stop' | 'length' | 'tool_calls';
      readonly promptTokens: number;
      readonly cachedTokens: number;
      readonly completionTokens: number;
      readonly timings: Timings;
      readonly residentBytes: number;
    }
  | {
      readonly kind: 'embedded';
      readonly id: number;
      readonly vectors: readonly (readonly number[])[];
      readonly tokens: number;
    }
  | { readonly kind: 'counted'; readonly id: number; readonly tokens: number }
  | { readonly kind: 'refused'; readonly id: number; readonly refusal: Refusal }
  | { readonly kind: 'failed'; readonly id: number; readonly reason: string }
  | { readonly kind: 'cancelled'; readonly id: number };

export type FromChild =
  | Loaded
  | { readonly kind: 'unloadable'; readonly reason: string }
  /** A step of loading or of prefill was done. */
  | { readonly kind: 'alive' }
  | JobReport;

/** True for the report after which nothing more comes for its job. */
export function endsJob(report: FromChild): report is JobEnd {
  switch (report.kind) {
    case 'finished':
    case 'embedded':
    case 'counted':
    case 'refused':
    case 'failed':
    case 'cancelled':
      return true;
    default:
      return false;
  }
}
