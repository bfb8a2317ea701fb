import { z } from 'zod';
import type { Usage } from '../../core/chat.ts';
import { ApiError } from '../../core/errors.ts';
import type { Desk } from './desk.ts';
import { notSupported, refusalError, unavailable } from './failures.ts';
import type { EmbedJob } from './protocol.ts';

/** The body of an OpenAI embeddings request, as it came. */
export type EmbedRequest = { readonly params: Readonly<Record<string, unknown>> };

export type EmbedReply = {
  readonly servedBy: string;
  /** OpenAI's embeddings list as JSON bytes. */
  readonly body: Uint8Array;
  readonly usage: Pick<Usage, 'prompt_tokens' | 'total_tokens'>;
};

const MOST_INPUTS = 256;
const tokens = z.array(z.int().min(0)).min(1);

const Params = z.object({
  input: z.union([
    z.string().min(1),
    tokens,
    z.array(z.string().min(1)).min(1).max(MOST_INPUTS),
    z.array(tokens).min(1).max(MOST_INPUTS),
  ]),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.int().min(1).nullish(),
});

type Options = {
  readonly desk: Desk;
  readonly model: string;
  readonly request: EmbedRequest;
  readonly signal: AbortSignal;
};

/**
 * Answers an embeddings request.
 *
 * @throws ApiError `invalid_request` for a wrong field; what the desk throws
 */
export async function embeddings({ desk, model, request, signal }: Options): Promise<EmbedReply> {
  const { input, encoding_format: format, dimensions } = parse(request.params);
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

function parse(params: EmbedRequest['params']): z.infer<typeof Params> {
  const result = Params.safeParse(params);
  if (result.success) return result.data;
  const param = String(result.error.issues[0]?.path[0] ?? 'input');
  const message =
    param === 'input'
      ? `input must be a text, a list of up to ${MOST_INPUTS} texts, or token ids; none empty.`
      : `${param}: ${result.error.issues[0]?.message ?? 'is not valid'}.`;
  throw new ApiError('invalid_request', message, { param });
}

function inputsOf(input: z.infer<typeof Params>['input']): EmbedJob['inputs'] {
  if (typeof input === 'string') return [input];
  const [first] = input;
  return typeof first === 'number'
    ? [input.filter((item) => typeof item === 'number')]
    : several(input);
}

function several(input: readonly (string | number | number[])[]): EmbedJob['inputs'] {
  return input.filter((item) => typeof item !== 'number');
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
