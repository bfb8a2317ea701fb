/** Watches for strings in text that arrives in pieces. */
export type Stops = {
  /** What may be shown now, and which string was met; it and what follows is never shown. */
  add(text: string): Shown;
  /** What was held back for nothing. */
  rest(): string;
};

export type Shown = { readonly text: string; readonly met: string | undefined };

/** Holds back whatever could be the beginning of one of these strings. */
export function stops(strings: readonly string[]): Stops {
  let held = '';

  function add(text: string): Shown {
    held += text;
    const met = firstOf(strings, held);
    if (met === undefined) {
      return { text: take(held.length - unsure(strings, held)), met };
    }
    const shown = take(held.indexOf(met));
    take(met.length);
    return { text: shown, met };
  }

  function take(length: number): string {
    const text = held.slice(0, length);
    held = held.slice(length);
    return text;
  }

  return { add, rest: () => take(held.length) };
}

/** The string that the text meets first; the longest of those that begin at the same place. */
function firstOf(strings: readonly string[], text: string): string | undefined {
  let first: { string: string; at: number } | undefined;
  for (const string of strings) {
    const at = text.indexOf(string);
    if (at < 0 || (first && at > first.at)) continue;
    if (!first || at < first.at || string.length > first.string.length) first = { string, at };
  }
  return first?.string;
}

/** How many characters at the end of the text could begin one of the strings. */
function unsure(strings: readonly string[], text: string): number {
  const lengths = strings.map((string) => {
    for (let length = Math.min(string.length - 1, text.length); length > 0; length -= 1) {
      if (text.endsWith(string.slice(0, length))) return length;
    }
    return 0;
  });
  return Math.max(0, ...lengths);
}
