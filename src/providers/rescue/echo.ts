/** What a continuation's first words are, measured against the text that they should follow. */
export type Echo =
  /** More words are needed to tell. */
  | { readonly kind: 'open' }
  /** They go on from where the text stopped. */
  | { readonly kind: 'none' }
  /** They say the text's last words once more: as many characters of the continuation. */
  | { readonly kind: 'repeated'; readonly length: number }
  /** Whether they go on or repeat can't be told. */
  | { readonly kind: 'doubtful' };

/** Looks at a continuation as it comes. */
export type EchoWatch = {
  /** @param held all of the continuation so far, with nothing sent on yet. */
  look(held: string, isLast: boolean): Echo;
};

/** How far back a repetition may begin. */
const REACH = 400;

/** Letters that agree for this long are no accident. */
export const EVIDENCE = 24;

/** One repeated word of fewer letters is more likely meant: `so so`, `1` and `1`. */
const TELLING_WORD = 3;

/**
 * Some models that are asked to continue a text say its last words again: after `z16 z17` comes
 * `z16 z17 z18`. Many words are a repetition; of a few it can't be told (`very very`). A text that
 * was repeating itself before may go on doing so.
 */
export function echoWatch(sent: string): EchoWatch {
  const text = sent.trimEnd();
  let candidates = wordStarts(text).map((at) => text.slice(at));

  return {
    look: (held, isLast) => {
      const said = held.trimStart();
      candidates = candidates.filter((tail) => tail.startsWith(said) || said.startsWith(tail));
      const repeated = candidates.find((tail) => said.startsWith(tail));
      const isOpen = candidates.some((tail) => tail.length > said.length) || repeated === said;
      if (isOpen && !isLast) return { kind: 'open' };
      if (!repeated || isRefrain(text, repeated)) return { kind: 'none' };
      const space = held.length - said.length;
      const length = space + repeated.length;
      if (repeated.length >= EVIDENCE) return { kind: 'repeated', length };
      const isTelling = countLetters(repeated) >= TELLING_WORD;
      const isWord = !/\s/.test(repeated);
      const isWhole = space === 0 || !isWord || !/^[\p{L}\p{N}]/u.test(said.slice(repeated.length));
      return { kind: isTelling && isWhole ? 'doubtful' : 'none' };
    },
  };
}

/** Where the words of the text's end begin, the earliest first. */
function wordStarts(text: string): number[] {
  const from = Math.max(0, text.length - REACH);
  const starts = text.slice(from).matchAll(/(?<=^|\s)\S/g);
  return [...starts].map(({ index }) => from + index).filter((at) => at > 0);
}

/** Whether the text said these words twice already: then a third time is meant. */
function isRefrain(text: string, words: string): boolean {
  const before = text.slice(0, text.length - words.length).trimEnd();
  return before.toLowerCase().endsWith(words.toLowerCase());
}

function countLetters(word: string): number {
  return word.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}
