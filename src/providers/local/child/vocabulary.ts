import type { LlamaModel } from 'node-llama-cpp';
import { Refused } from './refused.ts';

/** @throws Refused when an id that came over the wire is none of the model's tokens */
export function refuseForeignTokens(
  { fileInfo }: LlamaModel,
  tokens: readonly number[],
  param: string,
): void {
  const size = fileInfo.metadata.tokenizer?.ggml?.tokens?.length ?? Infinity;
  if (tokens.every((token) => token < size)) return;
  const message = `Token ids must be below ${size}, the size of the model's vocabulary.`;
  throw new Refused({ code: 'invalid_request', message, param });
}
