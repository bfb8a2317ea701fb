import { Lexer, type MarkedToken } from 'marked';

/** A text's blocks: paragraphs, lists, tables, code. */
export type Block = {
  readonly token: MarkedToken;
  /** Where it begins in the text; a block keeps it for as long as the text only grows. */
  readonly at: number;
};

/** Splits a text that grows: what was settled is not looked at again. */
export type BlockSplitter = (text: string) => readonly Block[];

/** Longer than any answer; Markdown of this size is shown as it is. */
const MAX_PARSED = 400_000;

/**
 * Makes a splitter for one answer. A block is settled as soon as another one has begun behind it, so
 * each call reads the last block only, however long the text before it is.
 */
export function blockSplitter(): BlockSplitter {
  let settled: Block[] = [];
  let read = '';
  return (text) => {
    if (!text.startsWith(read)) {
      settled = [];
      read = '';
    }
    const found = parse(text.slice(read.length), read.length);
    const last = found.at(-1);
    if (!last) return settled;
    const blocks = [...settled, ...found];
    if (found.length > 1) {
      settled = blocks.slice(0, -1);
      read = text.slice(0, last.at);
    }
    return blocks;
  };
}

function parse(text: string, offset: number): Block[] {
  if (text.length > MAX_PARSED) {
    const token = { type: 'code', raw: text, text } as const;
    return [{ token, at: offset }];
  }
  let at = offset;
  const blocks: Block[] = [];
  for (const token of Lexer.lex(text, { gfm: true }) as MarkedToken[]) {
    if (token.type !== 'space') blocks.push({ token, at });
    at += token.raw.length;
  }
  return blocks;
}
