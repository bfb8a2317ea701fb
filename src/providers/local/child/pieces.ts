import type { LlamaModel, Token } from 'node-llama-cpp';

/** A character takes at most four bytes: what is unfinished began in one of the last three tokens. */
const MOST_HELD_TOKENS = 3;

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
  let given = 0;

  function release(text: string): string {
    const fresh = text.slice(given);
    last = [...last, ...held].slice(-LOOK_BACK);
    held = [];
    given = 0;
    return fresh;
  }

  /** All but the last character, which stands for what is unfinished; its tokens are held. */
  function beginning(text: string): string {
    const fresh = text.slice(given, -1);
    given += fresh.length;
    if (held.length > MOST_HELD_TOKENS) {
      last = [...last, ...held].slice(-LOOK_BACK - MOST_HELD_TOKENS, -MOST_HELD_TOKENS);
      held = held.slice(-MOST_HELD_TOKENS);
      given = Math.max(0, model.detokenize(held, withControls, last).length - 1);
    }
    return fresh;
  }

  return {
    add(token) {
      held.push(token);
      const text = model.detokenize(held, withControls, last);
      return text.endsWith('\uFFFD') ? beginning(text) : release(text);
    },
    rest: () => (held.length === 0 ? '' : release(model.detokenize(held, withControls, last))),
  };
}
