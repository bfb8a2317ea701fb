type Vocabulary = {
  readonly tokens: readonly string[];
  readonly scores: readonly number[];
  /** 1 normal, 2 unknown, 3 control, 6 byte. */
  readonly types: readonly number[];
};

const SPECIAL = ['<unk>', '<s>', '</s>', '<|im_start|>', '<|im_end|>'];

/**
 * A SentencePiece vocabulary: special tokens, all bytes, the letters of ASCII, then made-up words.
 * Characters beyond ASCII are therefore written byte by byte.
 */
export function tinyVocabulary(size: number): Vocabulary {
  const bytes = Array.from({ length: 256 }, (_, byte) => {
    return `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
  });
  const letters = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
  const fixed = [...SPECIAL, ...bytes, '▁', ...letters];
  const words = Array.from({ length: size - fixed.length }, (_, index) => word(index));
  return {
    tokens: [...fixed, ...words],
    scores: [...fixed, ...words].map((_, index) => (index < 261 ? 0 : -index)),
    types: [
      2,
      ...SPECIAL.slice(1).map(() => 3),
      ...bytes.map(() => 6),
      ...['▁', ...letters, ...words].map(() => 1),
    ],
  };
}

/** Distinct syllables with a space before them: `▁baba`, `▁babe` and so on. */
function word(index: number): string {
  const syllables = ['ba', 'be', 'bi', 'do', 'du', 'ga', 'ke', 'lo', 'ma', 'ni', 'po', 'ra', 'su'];
  let text = '';
  for (let rest = index + syllables.length; rest > 0; rest = Math.floor(rest / syllables.length)) {
    text = `${syllables[rest % syllables.length]}${text}`;
  }
  return `▁${text}`;
}
