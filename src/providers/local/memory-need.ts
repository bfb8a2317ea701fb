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

/** How much memory a model takes with a context of that many tokens. */
export function memoryNeed(header: GgufHeader, contextSize: number): number {
  const { layers, headsKv, keyLength, valueLength, vocabulary, weightBytes } = header;
  const tokenBytes = layers * headsKv * (keyLength + valueLength) * CACHE_VALUE_BYTES;
  const context = Math.ceil(contextSize / CONTEXT_STEP) * CONTEXT_STEP;
  return weightBytes + ENGINE_BYTES + vocabulary * VOCABULARY_ENTRY_BYTES + context * tokenBytes;
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
