import type { LlamaEmbeddingContext, Token } from 'node-llama-cpp';
import type { EmbedJob, JobEnd } from '../protocol.ts';
import type { Loading, Numbered } from './engine.ts';
import { embeddingBooksOf } from './internals.ts';
import { longStep } from './long-step.ts';
import { answeringRefusals, Refused } from './refused.ts';
import { farTooMany } from './too-long.ts';
import { refuseForeignTokens } from './vocabulary.ts';

/** The tokens that a model may want at the beginning and at the end. */
const FRAME_TOKENS = 2;

/** What `pooling_type` says when the last token's vector is the answer: nothing, none, last. */
const LAST_TOKEN_ONLY: ReadonlySet<number> = new Set([-1, 0, 3]);

/** Turns each input into a vector; the context for it lives as long as the job. */
export function embed(
  loading: Loading,
  job: Numbered<EmbedJob>,
  signal: AbortSignal,
): Promise<JobEnd> {
  return answeringRefusals(job.id, async () => {
    const inputs = job.inputs.map((input, index) => tokensOf(loading, input, index));
    const stepTokens = stepFor(loading, inputs);
    const longest = Math.max(...inputs.map(({ length }) => length + FRAME_TOKENS));
    const { interrupt } = loading;
    const context = await interrupt.reaching(() =>
      loading.model.createEmbeddingContext({
        // It lies beside the chat's, and memory was reckoned for that one.
        contextSize: longest,
        batchSize: stepTokens,
        threads: loading.threads,
        ignoreMemorySafetyChecks: true,
      }),
    );
    try {
      const vectors: (readonly number[])[] = [];
      for (const input of inputs) {
        vectors.push(await vectorOf(context, { input, stepTokens, loading, signal }));
      }
      const tokens = inputs.reduce((sum, { length }) => sum + length, 0);
      return { kind: 'embedded', id: job.id, vectors, tokens };
    } finally {
      await context.dispose();
    }
  });
}

/**
 * How many tokens of an input are evaluated between two looks at the signal. A model whose tokens
 * look ahead, or whose vector is made of all of them, needs the input whole.
 */
function stepFor({ model, pace }: Loading, inputs: readonly Token[][]): number {
  const { attention, pooling_type: pooling } = model.fileInfo.architectureMetadata;
  const looksBackOnly = attention?.causal !== false;
  const takesLastOnly = pooling === undefined || LAST_TOKEN_ONLY.has(pooling);
  if (looksBackOnly && takesLastOnly) return pace.stepTokens();
  return Math.max(pace.batchTokens, ...inputs.map(({ length }) => length + FRAME_TOKENS));
}

type Work = {
  readonly input: readonly Token[];
  readonly stepTokens: number;
  readonly loading: Loading;
  readonly signal: AbortSignal;
};

/** The library's `getEmbeddingFor`, in steps that an abort can come between. */
async function vectorOf(
  context: LlamaEmbeddingContext,
  { input, stepTokens, loading, signal }: Work,
): Promise<readonly number[]> {
  const books = embeddingBooksOf(context);
  const tokens = [...input];
  books._prepareInput(tokens);
  await books._sequence.clearHistory();
  for (let done = 0; done < tokens.length; done += stepTokens) {
    signal.throwIfAborted();
    const step = tokens.slice(done, done + stepTokens);
    await longStep(loading, signal, () => books._sequence.evaluateWithoutGeneratingNewTokens(step));
  }
  return Array.from(books._llamaContext._ctx.getEmbedding(tokens.length));
}

function tokensOf(
  { model, contextSize }: Loading,
  input: string | readonly number[],
  index: number,
): Token[] {
  const param = `input.${index}`;
  const far = typeof input === 'string' ? farTooMany(model, [input], contextSize) : undefined;
  if (far !== undefined) throw overflow(`about ${far}`, contextSize, param);
  // Token ids come from the wire; that they are in the vocabulary is checked here.
  const tokens = typeof input === 'string' ? model.tokenize(input) : ([...input] as Token[]);
  refuseForeignTokens(model, tokens, param);
  if (tokens.length > contextSize - FRAME_TOKENS) {
    throw overflow(String(tokens.length), contextSize, param);
  }
  return tokens;
}

function overflow(tokens: string, contextSize: number, param: string): Refused {
  const message =
    `The local model's context holds ${contextSize} tokens, and this input takes ${tokens}. ` +
    'Split it.';
  return new Refused({ code: 'context_length_exceeded', message, param });
}
