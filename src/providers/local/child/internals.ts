import type {
  Llama,
  LlamaContextSequence,
  LlamaEmbeddingContext,
  SequenceEvaluateOptions,
  Token,
} from 'node-llama-cpp';

/** The native sampler: settings in, tokens out. */
export type NativeSampler = { applyConfig(config: object): void; dispose(): void };

/** The native calls that the library's own loop makes for each token. */
export type NativeContext = {
  initBatch(tokens: number): void;
  /** @returns where the logits of the tokens at `logits` will be */
  addToBatch(
    sequence: number,
    position: number,
    tokens: Uint32Array,
    logits: Uint32Array,
  ): Uint32Array;
  decodeBatch(): Promise<void>;
  /** -1 when no token is allowed. */
  sampleToken(logits: number, sampler: NativeSampler): Promise<number>;
  /** The same with all tokens that could be chosen, the likeliest first: id, probability, and so on. */
  sampleToken(
    logits: number,
    sampler: NativeSampler,
    withAll: true,
  ): Promise<readonly [token: number, all?: readonly number[]]>;
  /** The same with how likely the token was among those that could be chosen, from 0 to 1. */
  sampleToken(
    logits: number,
    sampler: NativeSampler,
    withAll: false,
    withOwn: true,
  ): Promise<readonly [token: number, all: undefined, own: number]>;
};

/** What a sequence knows of itself, and what must be kept true when tokens are added past it. */
export type SequenceBooks = {
  readonly _sequenceId: number;
  readonly _context: { readonly _ctx: NativeContext };
  _nextTokenIndex: number;
  readonly _contextTokens: Token[];
  _resolveSamplerConfig(options: SequenceEvaluateOptions): object;
};

/** Opens a sequence's books: fields that node-llama-cpp 3.21.1 has and its types leave out. */
export function booksOf(sequence: LlamaContextSequence): SequenceBooks {
  return sequence as unknown as SequenceBooks;
}

/** What a context for embeddings works with. */
export type EmbeddingBooks = {
  readonly _sequence: LlamaContextSequence;
  readonly _llamaContext: { readonly _ctx: { getEmbedding(tokens: number): Float64Array } };
  /** Adds the tokens that the model wants at the beginning and at the end. */
  _prepareInput(tokens: Token[]): void;
};

/** Opens the books of a context for embeddings, fields of the same kind. */
export function embeddingBooksOf(context: LlamaEmbeddingContext): EmbeddingBooks {
  return context as unknown as EmbeddingBooks;
}

/** A sampler of the same library's native part, which its types leave out too. */
export function nativeSampler(llama: Llama, model: object): NativeSampler {
  type Bindings = { readonly AddonSampler: new (model: unknown) => NativeSampler };
  const { _bindings: bindings } = llama as unknown as { readonly _bindings: Bindings };
  return new bindings.AddonSampler((model as { readonly _model: unknown })._model);
}
