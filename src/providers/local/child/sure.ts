import type { Token } from 'node-llama-cpp';
import type { Unsure } from '../protocol.ts';
import type { Pieces } from './pieces.ts';
import type { Chosen, TokenSource } from './tokens.ts';

type Options = {
  readonly unsure: Unsure;
  /** What the model would say, with probabilities. */
  readonly source: TokenSource;
  readonly text: Pieces;
  /** How many tokens the answer may have. */
  readonly limit: number;
  readonly isEnd: (token: Token) => boolean;
  /** Begins the answer anew, with the honest opening. */
  readonly anew: () => Promise<TokenSource>;
  readonly signal: AbortSignal;
};

type Read = { readonly chosen: Chosen; readonly piece: string };

const SENTENCE_END = /[.!?]$/;

/** A question claims nothing: there is nothing to be sure of. */
const QUESTION = /\?$/;

/**
 * Hands out an answer sentence by sentence, and only what the model is sure enough of. Where it
 * isn't at once, the answer begins anew with an honest opening; where it isn't later on, the answer
 * ends there. What was handed out is never taken back.
 */
export function sureTokens(options: Options): TokenSource {
  const { unsure, source, text, limit, isEnd, anew, signal } = options;
  let ready: Chosen[] = [];
  let said = 0;
  let ahead: Read | undefined;
  let instead: TokenSource | undefined;

  async function read(): Promise<Read | undefined> {
    const chosen = await source.next();
    signal.throwIfAborted();
    return chosen && { chosen, piece: isEnd(chosen.token) ? '' : text.add(chosen.token) };
  }

  /** Reads until the next sentence begins, or nothing more may come. */
  async function readSentence() {
    const tokens: Chosen[] = [];
    let words = '';
    let probability = 1;
    while (said + tokens.length < limit) {
      const next: Read | undefined = ahead ?? (await read());
      ahead = undefined;
      if (!next) break;
      if (SENTENCE_END.test(words) && /^\s/.test(next.piece)) {
        ahead = next;
        break;
      }
      tokens.push(next.chosen);
      if (isEnd(next.chosen.token)) break;
      words += next.piece;
      probability *= next.chosen.probability ?? 1;
    }
    return { tokens, isSure: probability >= unsure.below || QUESTION.test(words) };
  }

  async function prepare(): Promise<void> {
    const { tokens, isSure } = await readSentence();
    if (isSure) {
      ready = tokens;
      said += tokens.length;
    } else if (said === 0) {
      await source.close();
      instead = await anew();
    }
  }

  return {
    async next() {
      if (!instead && ready.length === 0) await prepare();
      return instead ? instead.next() : ready.shift();
    },
    close: () => (instead ?? source).close(),
  };
}
