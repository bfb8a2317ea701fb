import { EVIDENCE, echoWatch } from './echo.ts';
import { follow, followWords, stranger } from './follow.ts';

/** What to do with a piece of a continuing provider's text. */
export type SeamPiece =
  | { readonly kind: 'hold' }
  | { readonly kind: 'emit'; readonly text: string }
  | { readonly kind: 'departed' };

/** Joins the text of a continuing provider to what was sent before. */
export type Seam = {
  take(text: string): SeamPiece;
  /** What is still held back when the provider has said its last word. */
  end(): SeamPiece;
};

const HOLD: SeamPiece = { kind: 'hold' };
const DEPARTED: SeamPiece = { kind: 'departed' };
const JOINED: Seam = { take: emit, end: () => HOLD };

/**
 * For a provider that was asked to continue `sent` without the white space at its end: what it
 * repeats of that, or of the last words, is swallowed. Some start over instead: then the identical
 * beginning is swallowed, and a restart that goes another way, be it in its white space, is reported,
 * so that nothing is said twice. So are a few words that may be meant twice, and an answer that begins
 * anew inside a word.
 */
export function continuationSeam(sent: string): Seam {
  const isTelling = tellsItself(sent);
  const restart = isTelling ? follow(sent) : stranger();
  const words = isTelling ? followWords(sent) : stranger();
  const echo = echoWatch(sent);
  const extension = extensionSeam(sent);
  let joined: Seam | undefined;
  let held = '';

  function decide(isLast: boolean): SeamPiece {
    if (Math.max(restart.matched(), words.matched()) >= EVIDENCE) return DEPARTED;
    const repetition = echo.look(held, isLast);
    if (repetition.kind === 'open') return HOLD;
    if (repetition.kind === 'doubtful') return DEPARTED;
    const isRepeated = repetition.kind === 'repeated';
    if (!isRepeated && beginsAnew(sent, held)) return DEPARTED;
    joined = extension;
    return joined.take(isRepeated ? held.slice(repetition.length) : held);
  }

  return {
    take: (text) => {
      if (joined) return joined.take(text);
      held += text;
      const progress = restart.take(text);
      const inWords = words.take(text);
      if (progress.kind === 'open') return HOLD;
      if (progress.kind === 'all') {
        joined = JOINED;
        return emit(progress.rest);
      }
      if (inWords.kind === 'all') return DEPARTED;
      const isOpen = inWords.kind === 'open' && words.matched() < EVIDENCE;
      return isOpen ? HOLD : decide(false);
    },
    end: () => {
      if (joined || held === '') return (joined ?? extension).end();
      const piece = decide(true);
      return piece.kind === 'hold' ? extension.end() : piece;
    },
  };
}

/**
 * For a model of our own, which goes on exactly from the last token of `sent`, white space at its
 * end left out: that is swallowed where it comes again. One that has nothing to add to a text that
 * is plainly not over is reported: it took the text for a finished turn.
 */
export function extensionSeam(sent: string): Seam {
  const space = sent.slice(sent.trimEnd().length);
  let held = '';
  let isJoined = false;

  function join(): SeamPiece {
    isJoined = true;
    return emit(held.slice(commonPrefix(held, space)));
  }

  return {
    take: (text) => {
      if (isJoined) return emit(text);
      held += text;
      return held.length < space.length && space.startsWith(held) ? HOLD : join();
    },
    end: () => {
      if (isJoined) return HOLD;
      if (held !== '') return join();
      return looksOver(sent) ? HOLD : DEPARTED;
    },
  };
}

/** For a provider that was asked from the start: what it repeats of `sent` is swallowed. */
export function restartSeam(sent: string): Seam {
  const restart = follow(sent);
  let isJoined = sent === '';
  return {
    take: (text) => {
      if (isJoined) return emit(text);
      const progress = restart.take(text);
      if (progress.kind !== 'all') return progress.kind === 'open' ? HOLD : DEPARTED;
      isJoined = true;
      return emit(progress.rest);
    },
    end: () => (isJoined ? HOLD : DEPARTED),
  };
}

/** Shorter than this, a text may well be followed by the very same words: `1` and `1`. */
const TELLING_LENGTH = 12;

/**
 * Whether a continuation that begins with the whole text must be a restart. Not so for a few
 * letters, nor for a text that repeats itself, such as a line of dashes.
 */
export function tellsItself(text: string): boolean {
  return text.length >= TELLING_LENGTH && shortestPeriod(text) > text.length / 2;
}

/** By the border table of Knuth, Morris and Pratt. */
function shortestPeriod(text: string): number {
  const borders = new Uint32Array(text.length);
  let border = 0;
  for (let index = 1; index < text.length; index++) {
    while (border > 0 && text[index] !== text[border]) border = borders[border - 1] ?? 0;
    if (text[index] === text[border]) border += 1;
    borders[index] = border;
  }
  return text.length - border;
}

/** Whether a capital follows in the middle of a small word, as in `harThe`; code may look so. */
function beginsAnew(sent: string, next: string): boolean {
  const isGlued = /(?:^|\s)\p{Ll}{2,}$/u.test(sent) && /^\p{Lu}\p{Ll}*(?:\s|$)/u.test(next);
  return isGlued && !isCode(sent);
}

function isCode(text: string): boolean {
  return text.split('```').length % 2 === 0;
}

function looksOver(text: string): boolean {
  return /[\p{P}\p{S}]\s*$/u.test(text) && !/[,([{\-–—]\s*$/.test(text);
}

function emit(text: string): SeamPiece {
  return text === '' ? HOLD : { kind: 'emit', text };
}

function commonPrefix(one: string, other: string): number {
  const limit = Math.min(one.length, other.length);
  let length = 0;
  while (length < limit && one.charCodeAt(length) === other.charCodeAt(length)) length++;
  return length;
}
