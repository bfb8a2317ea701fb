import type { LlamaModel, Token } from 'node-llama-cpp';

/**
 * The bytes of a token: those of its text, or where it is no whole character, what the vocabulary writes.
 *
 * @param text the token alone as text, with U+FFFD for what is no character
 */
export function tokenBytes(model: LlamaModel, token: Token, text: string): readonly number[] {
  if (!text.includes('\uFFFD')) return [...Buffer.from(text)];
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
