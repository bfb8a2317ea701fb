import type { LlamaModel } from 'node-llama-cpp';
import type { Turn } from '../protocol.ts';

/** More text than this for each token of context can't fit. */
const MOST_CHARACTERS_A_TOKEN = 48;

/** Text with fewer characters for each token of context may well fit. */
const USUAL_CHARACTERS_A_TOKEN = 4;

/** So much is counted at a time. */
const PART_CHARACTERS = 8_192;

/**
 * About how many tokens texts take that can't fit into a context; undefined where they may. Tokenising
 * can't be broken off, and over characters that its vocabulary doesn't know llama.cpp takes four times
 * as long for twice as many: a megabyte of them would hold the model for minutes.
 */
export function farTooMany(
  model: Pick<LlamaModel, 'tokenize'>,
  texts: readonly string[],
  contextSize: number,
): number | undefined {
  const characters = texts.reduce((sum, { length }) => sum + length, 0);
  if (characters <= contextSize * USUAL_CHARACTERS_A_TOKEN) return undefined;
  if (characters > contextSize * MOST_CHARACTERS_A_TOKEN) return Math.ceil(characters / 4);
  let [seen, tokens] = [0, 0];
  for (const text of texts) {
    for (let at = 0; at < text.length; at += PART_CHARACTERS) {
      const part = text.slice(at, at + PART_CHARACTERS);
      seen += part.length;
      tokens += model.tokenize(part).length;
      // Twice, since a word that is cut between two parts may take more tokens than it does whole.
      if (tokens > 2 * contextSize) return Math.ceil((tokens * characters) / seen);
    }
  }
  return undefined;
}

/** All that a turn puts into a prompt. */
export function textsOf({ text, calls = [] }: Turn): string[] {
  return [text, ...calls.flatMap((call) => [call.arguments, call.result ?? ''])];
}
