/** Text of so many words, another one for each seed, so that nothing of it is in a cache. */
export function words(count: number, seed: number): string {
  const word = (index: number) => ((index + 1) * 7_919 * seed).toString(36).slice(0, 5);
  return Array.from({ length: count }, (_, index) => word(index)).join(' ');
}

/**
 * How many words make a prompt of so many tokens.
 *
 * @param tokensOf asks a model how many tokens a prompt of these words takes
 */
export async function wordsFor(
  tokens: number,
  tokensOf: (text: string) => Promise<number>,
): Promise<number> {
  const few = await tokensOf(words(10, 1));
  const more = await tokensOf(words(60, 1));
  return Math.round(((tokens - few) * 50) / (more - few)) + 10;
}
