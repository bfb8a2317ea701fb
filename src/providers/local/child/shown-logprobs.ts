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

/** Keeps the log probabilities of one answer beside its text. */
export function shownLogprobs(): ShownLogprobs {
  /** Where the text of each one ends; a token that is no whole character ends with the next text. */
  let waiting: { readonly logprob: ChosenLogprob; readonly end: number | undefined }[] = [];
  let written = 0;
  let shown = 0;

  return {
    add: (logprob) => void waiting.push({ logprob, end: undefined }),
    written(characters) {
      written += characters;
      waiting = waiting.map(({ logprob, end }) => ({ logprob, end: end ?? written }));
    },
    shown(characters) {
      shown += characters;
      const isShown = ({ end = Infinity }: { end: number | undefined }) => end <= shown;
      const told = waiting.filter(isShown);
      waiting = waiting.filter((one) => !isShown(one));
      return told.map(({ logprob }) => logprob);
    },
  };
}
