import { begin, type Colour, end } from './paint.ts';

/** Colours a text that arrives in pieces. Takes nothing away: only colours are added. */
export type MarkdownPainter = {
  /** Returns what can be shown by now. */
  push(piece: string): string;
  /** Returns what was held back, and ends every colour. */
  end(): string;
};

/** What may still become a marker at the beginning of a line. */
const UNDECIDED = /^ {0,3}(`{0,2}|#{1,6}|[-*+]|\d{1,3}\.?)$/;
const FENCE = /^ {0,3}```/;
const HEADING = /^ {0,3}#{1,6} /;
const BULLET = /^( {0,3}(?:[-*+]|\d{1,3}\.)) /;

/** Light colours for headings, list marks, `code`, fenced blocks and **bold** text. */
export function markdownPainter(): MarkdownPainter {
  let held = '';
  let isLineStart = true;
  let isFenced = false;
  const open: Colour[] = [];

  const on = (colour: Colour) => {
    open.push(colour);
    return begin(colour);
  };
  const off = (colour: Colour) => {
    open.splice(open.indexOf(colour), 1);
    return end(colour);
  };
  const allOff = () =>
    open
      .splice(0)
      .reverse()
      .map((colour) => end(colour))
      .join('');

  /** Takes the marker at the beginning of a line. */
  function lineStart(): string {
    isLineStart = false;
    if (FENCE.test(held)) {
      isFenced = !isFenced;
      return on('dim');
    }
    if (isFenced) return on('green');
    if (HEADING.test(held)) return on('bold') + on('cyan');
    const bullet = BULLET.exec(held)?.[1];
    if (bullet === undefined) return '';
    held = held.slice(bullet.length);
    return begin('yellow') + bullet + end('yellow');
  }

  /** Takes text up to the next mark; undefined when more must come first. */
  function inLine(isLast: boolean): string | undefined {
    const isPlain = open.includes('dim') || open.includes('green');
    const at = held.search(isPlain ? /\n/ : open.includes('yellow') ? /[`\n]/ : /[`\n]|\*\*|\*$/);
    if (at < 0) return take(held.length);
    if (at > 0) return take(at);
    if (held.startsWith('\n')) {
      isLineStart = true;
      return allOff() + take(1);
    }
    if (held === '*') return isLast ? take(1) : undefined;
    if (held.startsWith('`')) return toggled('yellow', 1);
    return toggled('bold', 2);
  }

  function toggled(colour: Colour, length: number): string {
    return open.includes(colour) ? take(length) + off(colour) : on(colour) + take(length);
  }

  function take(length: number): string {
    const taken = held.slice(0, length);
    held = held.slice(length);
    return taken;
  }

  function show(isLast: boolean): string {
    let shown = '';
    while (held !== '') {
      if (isLineStart) {
        if (!isLast && UNDECIDED.test(held)) return shown;
        shown += lineStart();
        continue;
      }
      const next = inLine(isLast);
      if (next === undefined) return shown;
      shown += next;
    }
    return shown;
  }

  return {
    push: (piece) => {
      held += piece;
      return show(false);
    },
    end: () => show(true) + allOff(),
  };
}
