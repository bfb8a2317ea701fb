import models from '../../../models/catalog.json' with { type: 'json' };
import type { GgufHeader } from './gguf.ts';

/** Node, llama.cpp and their buffers, measured. */
const ENGINE_BYTES = 76 * 2 ** 20;
/** What a token of the vocabulary costs in the tokeniser: 55 MB for 49k of them. */
const VOCABULARY_ENTRY_BYTES = 1_120;
/** A key or a value in the cache is a 16-bit float. */
const CACHE_VALUE_BYTES = 2;
/** A smaller context than this is of no use. */
const LEAST_CONTEXT = 256;
/** llama.cpp rounds contexts up to a multiple of this. */
const CONTEXT_STEP = 256;

/** What any context for embeddings takes beside its cache, measured. */
const EMBEDDING_BYTES = 12 * 2 ** 20;
/** Per dimension, what a token that is being evaluated takes on its way through the layers, measured. */
const DIMENSION_BYTES = 40;
/** What llama.cpp counts and keeps of each entry of the vocabulary, for each such token: two floats. */
const ENTRY_BYTES = 8;

/** Tokens of an embedding's text that are evaluated at a time: more need more memory and are hardly faster. */
export const EMBEDDING_STEP = 64;

/** How much memory a model takes with a context of that many tokens. */
export function memoryNeed(header: GgufHeader, contextSize: number): number {
  const { vocabulary, weightBytes } = header;
  const tables = vocabulary * VOCABULARY_ENTRY_BYTES;
  return weightBytes + ENGINE_BYTES + tables + cacheBytes(header, contextSize);
}

function cacheBytes(header: GgufHeader, contextSize: number): number {
  const { layers, headsKv, keyLength, valueLength } = header;
  const tokenBytes = layers * headsKv * (keyLength + valueLength) * CACHE_VALUE_BYTES;
  return Math.ceil(contextSize / CONTEXT_STEP) * CONTEXT_STEP * tokenBytes;
}

/** How much memory the embedding of a text of that many tokens takes, beside the model and its chats. */
export function embeddingNeed(header: GgufHeader, tokens: number): number {
  const { embedding, vocabulary, embedsWhole } = header;
  const atOnce = embedsWhole ? tokens : Math.min(tokens, EMBEDDING_STEP);
  const tokenBytes =
    embedding * DIMENSION_BYTES + vocabulary * ENTRY_BYTES + tokens * CACHE_VALUE_BYTES;
  return EMBEDDING_BYTES + cacheBytes(header, tokens) + atOnce * tokenBytes;
}

/** The longest text up to a context's length, in tokens, whose embedding fits into that room; 0 where none does. */
export function longestEmbedding(
  header: GgufHeader,
  contextSize: number,
  roomBytes: number,
): number {
  let tokens = contextSize;
  while (tokens > 0 && embeddingNeed(header, tokens) > roomBytes) tokens -= CONTEXT_STEP;
  return Math.max(0, tokens);
}

/** What a model takes at the very least, when nothing but its file's size is known. */
export function leastNeed(fileBytes: number): number {
  return fileBytes + ENGINE_BYTES;
}

/**
 * The largest context up to the wanted one with which the model fits, halving it as often as
 * needed; undefined when it fits with none.
 */
export function fittingContext(
  header: GgufHeader,
  wanted: number,
  budgetBytes: number,
): number | undefined {
  const most = Math.min(wanted, header.trainContext);
  const least = Math.min(most, LEAST_CONTEXT);
  let size = most;
  while (memoryNeed(header, size) > budgetBytes) {
    if (size === least) return undefined;
    size = Math.max(least, Math.floor(size / 2));
  }
  return size;
}

/** The most capable model of the catalogue that fits; the embedded one where nothing else does. */
export function modelThatFits(budgetBytes: number): string {
  const fitting = models.filter(({ memoryMegabytes }) => memoryMegabytes * 2 ** 20 <= budgetBytes);
  const [best] = fitting.sort((one, other) => other.memoryMegabytes - one.memoryMegabytes);
  return best?.name ?? 'the embedded lifeboat';
}
