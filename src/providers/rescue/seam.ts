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

/** A beginning that agrees with the sent text for this long is no accident: it is a restart. */
const RESTART_EVIDENCE = 24;

/**
 * For a provider that was asked to continue `sent`. Some start over instead: then the identical
 * beginning is swallowed, and a restart that goes another way is reported, so that nothing is said
 * twice.
 */
export function continuationSeam(sent: string): Seam {
  return seam(sent, (held, common) => (common < RESTART_EVIDENCE ? held : undefined));
}

/** For a provider that was asked from the start: what it repeats of `sent` is swallowed. */
export function restartSeam(sent: string): Seam {
  return seam(sent, () => undefined);
}

/** @param onDeparture what to emit of a text that leaves `sent`; undefined: it departed. */
function seam(
  sent: string,
  onDeparture: (held: string, common: number) => string | undefined,
): Seam {
  let held = '';
  let isJoined = sent === '';

  function decide(text: string | undefined): SeamPiece {
    if (text === undefined) return { kind: 'departed' };
    isJoined = true;
    held = '';
    return text === '' ? { kind: 'hold' } : { kind: 'emit', text };
  }

  return {
    take: (text) => {
      if (isJoined) return { kind: 'emit', text };
      held += text;
      const common = commonPrefix(held, sent);
      if (common === sent.length) return decide(held.slice(common));
      if (common === held.length) return { kind: 'hold' };
      return decide(onDeparture(held, common));
    },
    end: () => {
      if (isJoined || held === '') return { kind: 'hold' };
      return decide(onDeparture(held, commonPrefix(held, sent)));
    },
  };
}

function commonPrefix(one: string, other: string): number {
  const limit = Math.min(one.length, other.length);
  let length = 0;
  while (length < limit && one.charCodeAt(length) === other.charCodeAt(length)) length++;
  return length;
}
