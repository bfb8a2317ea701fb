import type { LlamaModel, Token } from 'node-llama-cpp';
import type { ChosenLogprob, TokenLogprob } from '../protocol.ts';

/** What stands for the logarithm of a probability too small for a float. */
const LEAST_LOGPROB = -9999;

/**
 * Describes a chosen token as OpenAI's `logprobs.content` does.
 *
 * @param likely every token's probability, the likeliest first
 */
export function chosenLogprob(
  model: LlamaModel,
  likely: ReadonlyMap<Token, number>,
  chosen: Token,
  top: number,
): ChosenLogprob {
  const others: TokenLogprob[] = [];
  for (const [token, probability] of likely) {
    if (others.length >= top) break;
    others.push(describe(model, token, probability));
  }
  return { ...describe(model, chosen, likely.get(chosen) ?? 0), top_logprobs: others };
}

function describe(model: LlamaModel, token: Token, probability: number): TokenLogprob {
  const text = model.detokenize([token], true);
  return {
    token: text,
    logprob: probability > 0 ? Math.log(probability) : LEAST_LOGPROB,
    bytes: text.includes('\uFFFD') ? brokenBytes(model, token, text) : [...Buffer.from(text)],
  };
}

/** The bytes of a token that is no whole character, as the vocabulary writes them. */
function brokenBytes(model: LlamaModel, token: Token, text: string): readonly number[] {
  const written = String(model.fileInfo.metadata.tokenizer?.ggml?.tokens?.[token] ?? '');
  const single = /^<0x([0-9A-F]{2})>$/i.exec(written)?.[1];
  if (single !== undefined) return [Number.parseInt(single, 16)];
  const bytes = [...written].map((letter) => BYTE_OF_LETTER.get(letter));
  return bytes.every((byte) => byte !== undefined) && bytes.length > 0
    ? bytes
    : [...Buffer.from(text)];
}

/** How vocabularies of byte pairs write each byte: as itself where it prints, else from 256 on. */
const BYTE_OF_LETTER: ReadonlyMap<string, number> = lettersOfBytes();

function lettersOfBytes(): Map<string, number> {
  const prints = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  const letters = new Map<string, number>();
  let beyond = 256;
  for (let byte = 0; byte < 256; byte += 1) {
    letters.set(String.fromCodePoint(prints(byte) ? byte : beyond), byte);
    if (!prints(byte)) beyond += 1;
  }
  return letters;
}
