import type { LlamaModel, Token } from 'node-llama-cpp';

/** A character takes at most four bytes; more tokens than that never wait for their rest. */
const MOST_HELD_TOKENS = 4;

/** How many tokens before a piece the detokeniser looks at, for its rules about spaces. */
const LOOK_BACK = 4;

/** Turns tokens into text one by one; a character is never torn. */
export type Pieces = {
  /** The text that is whole with this token; empty while a character is unfinished. */
  add(token: Token): string;
  /** What is left at the end, however broken. */
  rest(): string;
};

/**
 * @param before the prompt's tokens, which the first piece follows
 * @param withControls whether control tokens are shown too: some templates mark calls with them
 */
export function pieces(
  model: LlamaModel,
  before: readonly Token[],
  { withControls }: { withControls: boolean },
): Pieces {
  let last = before.slice(-LOOK_BACK);
  let held: Token[] = [];

  function release(text: string): string {
    last = [...last, ...held].slice(-LOOK_BACK);
    held = [];
    return text;
  }

  return {
    add(token) {
      held.push(token);
      const text = model.detokenize(held, withControls, last);
      const unfinished = text.endsWith('\uFFFD') && held.length < MOST_HELD_TOKENS;
      return unfinished ? '' : release(text);
    },
    rest: () => (held.length === 0 ? '' : release(model.detokenize(held, withControls, last))),
  };
}
