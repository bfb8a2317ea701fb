import type { ChosenLogprob } from '../protocol.ts';

/** Log probabilities that wait until the text of their tokens is shown; of a stop string, for ever. */
export type ShownLogprobs = {
  /** A token was chosen. */
  add(logprob: ChosenLogprob): void;
  /** The tokens so far have become this much more text, in characters. */
  written(characters: number): void;
  /** @returns those whose text is shown by now, and were not handed out before */
  shown(characters: number): readonly ChosenLogprob[];
};

type Waiting = { readonly logprob: ChosenLogprob; end: number };

/** Keeps the log probabilities of one answer beside its text. */
export function shownLogprobs(): ShownLogprobs {
  /** Where the text of each one ends; a token that is no whole character ends with the next text. */
  const waiting: Waiting[] = [];
  let written = 0;
  let shown = 0;

  return {
    add: (logprob) => void waiting.push({ logprob, end: Infinity }),
    written(characters) {
      written += characters;
      for (const one of waiting) one.end = Math.min(one.end, written);
    },
    shown(characters) {
      shown += characters;
      const hidden = waiting.findIndex(({ end }) => end > shown);
      const told = waiting.splice(0, hidden < 0 ? waiting.length : hidden);
      return told.map(({ logprob }) => logprob);
    },
  };
}
