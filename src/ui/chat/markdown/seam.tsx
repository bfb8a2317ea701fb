import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { Icon } from '../../shared/icons.tsx';

/** One stands in a text where another model took over; Unicode promises that they are no characters. */
const MARKS = /[\ufdd0-\ufdef]/g;
const FIRST_MARK = 0xfdd0;
const LAST_MARK = 0xfdef;

/** Where a rescue happened, as an offset into the answer's text. */
export type Seam = { readonly at: number; readonly to: string };

/** The sentences of an answer's seams, in order. */
export const SeamTitles = createContext<readonly string[]>([]);

/** What a model said, without anything that would pass for a seam. */
export const withoutMarks = (text: string): string => text.replaceAll(MARKS, '');

/** A text with a mark at each seam, between words: within Markdown's own signs it would break them. */
export function withMarks(text: string, seams: readonly Seam[]): string {
  let marked = text;
  for (const [index, { at }] of [...seams.entries()].reverse()) {
    const place = wordAfter(text, at);
    const mark = String.fromCharCode(Math.min(FIRST_MARK + index, LAST_MARK));
    marked = marked.slice(0, place) + mark + marked.slice(place);
  }
  return marked;
}

function wordAfter(text: string, at: number): number {
  const word = /(?<=\s)\p{L}/gu;
  word.lastIndex = at;
  return word.exec(text)?.index ?? text.length;
}

/** Text as it is, with the seams in it. */
export function TextWithSeams({ text }: { readonly text: string }) {
  const marks = text.match(MARKS);
  if (!marks) return <>{text}</>;
  return (
    <>
      {text.split(MARKS).map((part, index) => (
        <span key={index}>
          {index > 0 && <SeamMark mark={marks[index - 1] ?? ''} />}
          {part}
        </span>
      ))}
    </>
  );
}

function SeamMark({ mark }: { readonly mark: string }) {
  const title = useContext(SeamTitles)[mark.charCodeAt(0) - FIRST_MARK];
  return (
    <span class="seam" role="img" aria-label={title} title={title}>
      <Icon name="seam" />
    </span>
  );
}
