import type { EmbedReply, EmbedRequest } from '../../core/relay.ts';
import type { Desk } from './desk.ts';
import { notSupported, refusalError, unavailable } from './failures.ts';
import type { EmbedJob } from './protocol.ts';

type Options = {
  readonly desk: Desk;
  readonly model: string;
  readonly request: EmbedRequest;
  readonly signal: AbortSignal;
};

/**
 * Answers an embeddings request.
 *
 * @throws what the desk throws
 */
export async function embeddings({ desk, model, request, signal }: Options): Promise<EmbedReply> {
  const { input, encoding_format: format, dimensions } = request.params;
  const underway = await desk.begin({ kind: 'embed', inputs: inputsOf(input) }, signal);
  const { value: report } = await underway.next();
  if (report?.kind === 'refused') throw refusalError(report.refusal);
  if (report?.kind !== 'embedded') throw unavailable('The local model failed. Try again.');
  const data = report.vectors.map((vector, index) => {
    const shaped = atLengthOne(dimensions ? shortened(vector, dimensions) : vector);
    const embedding = format === 'base64' ? base64(shaped) : shaped;
    return { object: 'embedding', index, embedding };
  });
  const usage = { prompt_tokens: report.tokens, total_tokens: report.tokens };
  const body = Buffer.from(JSON.stringify({ object: 'list', data, model, usage }));
  return { servedBy: model, body, usage };
}

function inputsOf(input: EmbedRequest['params']['input']): EmbedJob['inputs'] {
  if (typeof input === 'string') return [input];
  return isTokens(input) ? [input] : input;
}

function isTokens(input: readonly unknown[]): input is readonly number[] {
  return typeof input[0] === 'number';
}

/** The first dimensions, as OpenAI shortens its own vectors. */
function shortened(vector: readonly number[], dimensions: number): readonly number[] {
  if (dimensions > vector.length) {
    throw notSupported(`The local model's vectors have ${vector.length} dimensions.`, 'dimensions');
  }
  return vector.slice(0, dimensions);
}

/** As OpenAI's vectors are, so that a product of two is their likeness; a vector of nothing stays. */
function atLengthOne(vector: readonly number[]): readonly number[] {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

/** 32-bit floats, little-endian, as OpenAI packs them. */
function base64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
