import type { Spoil } from '../play.ts';
import type { Settings } from './fault.ts';

/** Half of a whole answer's bytes, as if they were all. */
export const half = (bytes: Buffer): Buffer => bytes.subarray(0, Math.ceil(bytes.length / 2));

/** What the word `ending` of a cut means. */
const cutEndings: Readonly<Record<string, Pick<Spoil, 'ending' | 'framing' | 'body'>>> = {
  open: { ending: 'fin' },
  clean: { ending: 'finished', body: half },
  fin: { ending: 'fin', framing: 'close' },
  reset: { ending: 'reset' },
  stall: { ending: 'stall' },
};

/** The words that `ending` takes, for a fault's declaration. */
export const endingWords = { ending: Object.keys(cutEndings) };

/** How the connection ends at that word. */
export const endingOf = (settings: Settings): Pick<Spoil, 'ending' | 'framing' | 'body'> =>
  cutEndings[settings.word('ending')] ?? {};
