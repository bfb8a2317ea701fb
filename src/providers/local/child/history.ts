import type { HistoryCut, Turn } from '../protocol.ts';

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
  let left = maxTokens - size([...system, ...kept.flat()], countTokens);
  for (const exchange of exchanges.slice(0, -1).slice(-earlierExchanges).reverse()) {
    // A long old turn needn't be counted to the end to know that it doesn't fit.
    if (exchange.some(({ text }) => text.length > left * 32)) break;
    left -= size(exchange, countTokens);
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

function size(turns: readonly Turn[], countTokens: (text: string) => number): number {
  return turns.reduce((sum, { text }) => sum + countTokens(text) + FRAME_TOKENS, 0);
}
