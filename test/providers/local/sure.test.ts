import { describe, expect, it } from 'vitest';
import { sureTokens } from '../../../src/providers/local/child/sure.ts';
import type { Chosen, TokenSource } from '../../../src/providers/local/child/tokens.ts';

/** A word with how likely the model found it. */
type Word = readonly [text: string, probability: number];

const END = 0;

/** A source of words; the token of each is its place, and the end comes after the last. */
function sourceOf(words: readonly Word[]) {
  let at = 0;
  let isClosed = false;
  const source: TokenSource = {
    next: async () => {
      const probability = words[at]?.[1];
      at += 1;
      return { token: at > words.length ? END : at, at: 0, probability } as Chosen;
    },
    close: async () => {
      isClosed = true;
    },
  };
  return { source, read: () => at, isClosed: () => isClosed };
}

const INSTEAD = 'instead';

/** What is handed out of these words, as text, and how the source was used. */
async function handedOut(words: readonly Word[], { limit = 100 } = {}) {
  const model = sourceOf(words);
  const other = sourceOf([]);
  const sure = sureTokens({
    unsure: { below: 0.5, saysInstead: INSTEAD },
    source: model.source,
    text: { add: (token) => words[token - 1]?.[0] ?? '', rest: () => '' },
    limit,
    isEnd: (token) => token === END,
    anew: async () => other.source,
    signal: new AbortController().signal,
  });
  let said = '';
  for (let count = 0; count < limit; count += 1) {
    const chosen = await sure.next();
    if (!chosen || chosen.token === END) break;
    said += words[chosen.token - 1]?.[0] ?? '';
  }
  const begunAnew = other.read() > 0;
  await sure.close();
  return {
    said: begunAnew ? INSTEAD : said,
    closed: [model.isClosed(), other.isClosed()],
    begunAnew,
  };
}

describe('an answer that is handed out sentence by sentence', () => {
  it('is whole where each sentence is likelier than not', async () => {
    const words: Word[] = [
      ['It', 0.9],
      [' is.', 0.9],
      [' So', 0.7],
      [' there.', 0.9],
    ];
    expect((await handedOut(words)).said).toBe('It is. So there.');
  });

  it('begins anew where the first sentence is unlikely as a whole', async () => {
    const { said, closed } = await handedOut([
      ['A', 0.7],
      [' wug.', 0.7],
    ]);
    expect(said).toBe(INSTEAD);
    expect(closed).toEqual([true, true]);
  });

  it('ends before a later sentence that is unlikely', async () => {
    const words: Word[] = [
      ['Yes.', 0.9],
      [' A', 0.4],
      [' wug.', 0.9],
      [' No.', 0.9],
    ];
    const { said, begunAnew } = await handedOut(words);
    expect([said, begunAnew]).toEqual(['Yes.', false]);
  });

  it('asks any question, since a question claims nothing', async () => {
    expect(
      (
        await handedOut([
          ['Why', 0.1],
          ['?', 0.9],
          [' So.', 0.9],
        ])
      ).said,
    ).toBe('Why? So.');
  });

  it('takes a dot within a word for no end', async () => {
    const words: Word[] = [
      ['It', 0.9],
      [' is 3.', 0.9],
      ['5', 0.3],
      [' wide.', 0.9],
    ];
    expect((await handedOut(words)).said).toBe(INSTEAD);
  });

  it('reads no further than the answer may be long', async () => {
    const words: Word[] = [
      ['One', 0.9],
      [' two', 0.9],
      [' three', 0.1],
    ];
    expect((await handedOut(words, { limit: 2 })).said).toBe('One two');
  });
});
