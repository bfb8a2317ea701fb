import type { HistoryCut, Turn } from '../protocol.ts';

/** A text with more characters for each token that is left doesn't fit, and isn't counted. */
const MOST_CHARACTERS_A_TOKEN = 32;

/** What a template adds around each message, in tokens; generous. */
const FRAME_TOKENS = 8;

/**
 * Keeps of a dialogue what a small model can follow: a short system prompt, and the latest turns
 * that fit. The last exchange always stays, however long it is.
 */
export function cutHistory(
  turns: readonly Turn[],
  { maxTokens, systemTokens, earlierExchanges }: HistoryCut,
  countTokens: (text: string) => number,
): readonly Turn[] {
  const system = turns.filter(
    (turn) => turn.role === 'system' && isShort(turn.text, systemTokens, countTokens),
  );
  const exchanges = exchangesOf(turns.filter(({ role }) => role !== 'system'));
  const kept: (readonly Turn[])[] = exchanges.slice(-1);
  let left = maxTokens - size([...system, ...kept.flat()], maxTokens, countTokens);
  for (const exchange of exchanges.slice(0, -1).slice(-earlierExchanges).reverse()) {
    left -= size(exchange, left, countTokens);
    if (left < 0) break;
    kept.unshift(exchange);
  }
  return [...system, ...kept.flat()];
}

function isShort(text: string, tokens: number, countTokens: (text: string) => number): boolean {
  return text.length <= tokens * 16 && countTokens(text) <= tokens;
}

/** Groups a dialogue into what the user said and what was answered. */
function exchangesOf(turns: readonly Turn[]): Turn[][] {
  const exchanges: Turn[][] = [];
  let answered = true;
  for (const turn of turns) {
    const exchange = exchanges.at(-1);
    if (exchange && !(turn.role === 'user' && answered)) exchange.push(turn);
    else exchanges.push([turn]);
    answered = turn.role === 'assistant';
  }
  return exchanges;
}

/** How many tokens turns take; of so many that they don't fit, no number. */
function size(turns: readonly Turn[], most: number, countTokens: (text: string) => number): number {
  const characters = turns.reduce((sum, { text }) => sum + text.length, 0);
  if (characters > most * MOST_CHARACTERS_A_TOKEN) return Infinity;
  return turns.reduce((sum, { text }) => sum + countTokens(text) + FRAME_TOKENS, 0);
}
