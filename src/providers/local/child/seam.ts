import { literal } from '../json/grammar.ts';

/** A text that is to be carried on, cut where tokens can be sure to begin. */
export type Seam = {
  readonly head: string;
  /** The last word with the space before it: the model writes it once more, and is held to it. */
  readonly tail: string;
};

/** The zero byte ends a text for llama.cpp: no grammar can ask for it. */
const WORD = /\s*[^\s\0]*$/;

/** Longer words are cut within. */
const LONGEST_TAIL = 16;

/**
 * Finds the seam of a text whose end may lie within a token. A model that is handed `I'm ` or
 * `answe` has never seen such tokens, and stumbles; handed the text up to the last whole word, it
 * finds the way by itself.
 */
export function seamOf(text: string): Seam {
  const word = WORD.exec(text.slice(-4 * LONGEST_TAIL))?.[0] ?? '';
  const tail = [...word].slice(-LONGEST_TAIL).join('');
  return { head: text.slice(0, text.length - tail.length), tail };
}

/** The grammar that begins with the tail and then lets go. */
export function seamGrammar(tail: string): string {
  return `root ::= ${literal(tail)} .*`;
}

/** Drops the tail from what is written, since the caller has it already. */
export type SeamCutter = {
  /** What is new of this piece. */
  add(text: string): string;
  /** Whether the tail was written. */
  passed(): boolean;
  /** Whether what came last was more than the tail. */
  isBehind(): boolean;
};

export function seamCutter(tail: string): SeamCutter {
  let left = tail;
  let behind = tail === '';
  return {
    add(text) {
      behind = left === '';
      const common = Math.min(left.length, text.length);
      // Some tokenisers swallow a space at the very beginning.
      if (left === tail && text !== '' && !text.startsWith(left.slice(0, common))) {
        left = left.trimStart();
      }
      const dropped = Math.min(left.length, text.length);
      left = left.slice(dropped);
      behind ||= text.length > dropped;
      return text.slice(dropped);
    },
    passed: () => left === '',
    isBehind: () => behind,
  };
}
