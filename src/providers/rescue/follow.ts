/** How a text that comes in pieces follows a known one. */
export type Progress =
  | { readonly kind: 'open' }
  | { readonly kind: 'all'; readonly rest: string }
  | { readonly kind: 'departed' };

/** Compares, piece by piece. */
export type Follower = {
  take(text: string): Progress;
  /** How many characters agreed so far. */
  matched(): number;
};

/**
 * Compares a text that comes in pieces with the beginning that it should have; white space before
 * both may differ. Each character is looked at once.
 */
export function follow(target: string): Follower {
  const exact = exactly(target);
  const bare = target.trimStart();
  const loose = exactly(bare);
  let hasBegun = false;

  function takeLoosely(text: string): Progress {
    const fed = hasBegun ? text : text.trimStart();
    hasBegun ||= fed !== '';
    return loose.take(fed);
  }

  return {
    matched: () => Math.max(exact.matched(), loose.matched()),
    take: (text) => {
      const isClose = exact.take(text);
      // Of a target that is all white space nothing is left to compare loosely.
      const isSimilar = bare === '' ? isClose : takeLoosely(text);
      if (isClose.kind === 'all') return isClose;
      if (isSimilar.kind === 'all') return isSimilar;
      return isClose.kind === 'open' ? isClose : isSimilar;
    },
  };
}

/** Compares the words alone: white space may differ everywhere. */
export function followWords(target: string): Follower {
  const words = exactly(withoutSpace(target));
  return { ...words, take: (text) => words.take(withoutSpace(text)) };
}

/** Finds nothing alike. */
export function stranger(): Follower {
  return { matched: () => 0, take: () => ({ kind: 'departed' }) };
}

function withoutSpace(text: string): string {
  return text.replace(/\s+/g, '');
}

function exactly(target: string): Follower {
  let at = 0;
  let isDeparted = false;
  return {
    matched: () => at,
    take: (text) => {
      if (isDeparted) return { kind: 'departed' };
      let index = 0;
      while (index < text.length && at < target.length) {
        isDeparted = text.charCodeAt(index) !== target.charCodeAt(at);
        if (isDeparted) return { kind: 'departed' };
        index += 1;
        at += 1;
      }
      return at < target.length ? { kind: 'open' } : { kind: 'all', rest: text.slice(index) };
    },
  };
}
