import type { LlamaEmbeddingContext, Token } from 'node-llama-cpp';
import type { EmbedJob, FromChild, JobEnd } from '../protocol.ts';
import type { Loading, Numbered } from './engine.ts';
import { BATCH_TOKENS } from './pace.ts';
import { answeringRefusals, Refused } from './refused.ts';
import { refuseForeignTokens } from './vocabulary.ts';

/** Turns each input into a vector; the context for it lives as long as the job. */
export function embed(
  loading: Loading,
  job: Numbered<EmbedJob>,
  tell: (report: FromChild) => void,
  signal: AbortSignal,
): Promise<JobEnd> {
  return answeringRefusals(job.id, async () => {
    const inputs = job.inputs.map((input, index) => tokensOf(loading, input, index));
    const context = await loading.model.createEmbeddingContext({
      contextSize: loading.contextSize,
      batchSize: Math.max(BATCH_TOKENS, ...inputs.map(({ length }) => length + 2)),
      threads: loading.threads,
      ignoreMemorySafetyChecks: true,
    });
    try {
      const vectors = await vectorsOf(context, inputs, tell, signal);
      const tokens = inputs.reduce((sum, { length }) => sum + length, 0);
      return { kind: 'embedded', id: job.id, vectors, tokens };
    } finally {
      await context.dispose();
    }
  });
}

async function vectorsOf(
  context: LlamaEmbeddingContext,
  inputs: readonly Token[][],
  tell: (report: FromChild) => void,
  signal: AbortSignal,
): Promise<(readonly number[])[]> {
  const vectors: (readonly number[])[] = [];
  for (const input of inputs) {
    signal.throwIfAborted();
    const { vector } = await context.getEmbeddingFor(input);
    vectors.push(vector);
    tell({ kind: 'alive' });
  }
  return vectors;
}

function tokensOf(
  { model, contextSize }: Loading,
  input: string | readonly number[],
  index: number,
): Token[] {
  // Token ids come from the wire; that they are in the vocabulary is checked here.
  const tokens = typeof input === 'string' ? model.tokenize(input) : ([...input] as Token[]);
  const param = `input.${index}`;
  refuseForeignTokens(model, tokens, param);
  if (tokens.length > contextSize - 2) {
    const message =
      `The local model's context holds ${contextSize} tokens, and this input takes ` +
      `${tokens.length}. Split it.`;
    throw new Refused({ code: 'context_length_exceeded', message, param });
  }
  return tokens;
}
