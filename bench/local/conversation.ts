import { type Endpoint, type Message, type Turn, turn } from './turn.ts';
import { words, wordsFor } from './words.ts';

/** What is asked next, behind the model's own answer. */
const TURN_TWO: Message = { role: 'user', content: 'And then?' };

/** Two turns of one chat; the second finds the first, and its answer, in the model's cache. */
export type Conversation = { readonly first: Turn; readonly second: Turn };

/** How much work a chat is, in tokens. */
export type Work = { readonly promptTokens: number; readonly answerTokens: number };

/** Waits for the first token of a short request. @returns milliseconds */
export async function firstToken(endpoint: Endpoint): Promise<number> {
  const { firstTokenMs } = await turn(endpoint, [{ role: 'user', content: words(10, 1) }], 4);
  return firstTokenMs;
}

/** How many words make a prompt of the wanted length. */
export function promptWords(endpoint: Endpoint, { promptTokens }: Work): Promise<number> {
  return wordsFor(promptTokens, async (content) => {
    return (await turn(endpoint, [{ role: 'user', content }], 4)).promptTokens;
  });
}

type Chat = { readonly words: number; readonly answerTokens: number; readonly seed: number };

/** Has a chat of two turns. */
export async function converse(
  endpoint: Endpoint,
  { words: count, answerTokens, seed }: Chat,
): Promise<Conversation> {
  const opening: Message[] = [{ role: 'user', content: words(count, seed) }];
  const first = await turn(endpoint, opening, answerTokens);
  const answer: Message = { role: 'assistant', content: first.text };
  const history: Message[] = [...opening, answer, TURN_TWO];
  return { first, second: await turn(endpoint, history, answerTokens) };
}
