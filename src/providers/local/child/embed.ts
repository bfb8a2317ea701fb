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

/** Turns each input into a vector; the context for it lives as long as the job. */
export function embed(
  loading: Loading,
  job: Numbered<EmbedJob>,
  signal: AbortSignal,
): Promise<JobEnd> {
  return answeringRefusals(job.id, async () => {
    const inputs = job.inputs.map((input, index) => tokensOf(loading, input, index));
    const longest = Math.max(...inputs.map(({ length }) => length + FRAME_TOKENS));
    const stepTokens = stepFor(loading, longest);
    const { interrupt } = loading;
    const context = await interrupt.reaching(() =>
      loading.model.createEmbeddingContext({
        // It lies beside the chat's; what both take together was reckoned (memory-need.ts).
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

/** How many tokens of an input are evaluated between two looks at the signal. */
function stepFor({ embeddings, pace }: Loading, longest: number): number {
  const { stepTokens } = embeddings;
  return stepTokens === undefined ? longest : Math.min(longest, stepTokens, pace.stepTokens());
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
  { model, contextSize, embeddings }: Loading,
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
  if (tokens.length > embeddings.mostTokens - FRAME_TOKENS) {
    throw tooMuchMemory(tokens.length, embeddings.mostTokens, param);
  }
  return tokens;
}

function overflow(tokens: string, contextSize: number, param: string): Refused {
  const message =
    `The local model's context holds ${contextSize} tokens, and this input takes ${tokens}. ` +
    'Split it.';
  return new Refused({ code: 'context_length_exceeded', message, param });
}

function tooMuchMemory(tokens: number, most: number, param: string): Refused {
  const left = Math.max(0, most - FRAME_TOKENS);
  const message =
    `Beside the local model's chats there is memory for embeddings of ${left} tokens, and this input ` +
    `takes ${tokens}. Split it, or lower LOCAL_CONTEXT.`;
  return new Refused({ code: 'context_length_exceeded', message, param });
}
