import { type Endpoint, type Message, type Turn, turn } from './turn.ts';

const PROMPT_TOKENS = 500;
const ANSWER_TOKENS = 128;
/**
 * Random weights write what no tokeniser would split into the same tokens again; a real model's
 * answer would be. So a short one stands in its place.
 */
const ANSWER: Message = { role: 'assistant', content: 'Yes.' };
const TURN_TWO: Message = { role: 'user', content: 'And then?' };

/** Two turns of one chat; the second finds the first in the model's cache. */
export type Conversation = { readonly first: Turn; readonly second: Turn };

/** Text of so many words, another one for each seed, so that nothing of it is in a cache. */
function words(count: number, seed: number): string {
  const word = (index: number) => ((index + 1) * 7_919 * seed).toString(36).slice(0, 5);
  return Array.from({ length: count }, (_, index) => word(index)).join(' ');
}

/** Loads the model with a short request, and learns how many tokens a word takes. */
export async function warmUp(endpoint: Endpoint): Promise<{ loadMs: number; words: number }> {
  const since = performance.now();
  const few = await turn(endpoint, [{ role: 'user', content: words(10, 1) }], 4);
  const loadMs = performance.now() - since;
  const more = await turn(endpoint, [{ role: 'user', content: words(60, 1) }], 4);
  const each = (more.promptTokens - few.promptTokens) / 50;
  return { loadMs, words: Math.round((PROMPT_TOKENS - few.promptTokens) / each) + 10 };
}

/** Has a chat of two turns; the first brings a prompt of about 500 tokens. */
export async function converse(
  endpoint: Endpoint,
  { words: count, seed }: { words: number; seed: number },
): Promise<Conversation> {
  const opening: Message[] = [{ role: 'user', content: words(count, seed) }];
  const first = await turn(endpoint, opening, ANSWER_TOKENS);
  const history: Message[] = [...opening, ANSWER, TURN_TWO];
  return { first, second: await turn(endpoint, history, ANSWER_TOKENS) };
}
