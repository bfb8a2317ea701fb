import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { Icon } from '../../shared/icons.tsx';

/** Stands in a text where another model took over; Unicode promises that it is no character. */
const MARK = '\ufdd0';

/** Where a rescue happened, as an offset into the answer's text. */
export type Seam = { readonly at: number; readonly to: string };

/** The sentences of an answer's seams, in order. */
export const SeamTitles = createContext<readonly string[]>([]);

/** What a model said, without anything that would pass for a seam. */
export const withoutMarks = (text: string): string => text.replaceAll(MARK, '');

/** A text with a mark at each seam, between words: within Markdown's own signs it would break them. */
export function withMarks(text: string, seams: readonly Seam[]): string {
  let marked = text;
  for (const { at } of seams.toReversed()) {
    const place = wordAfter(text, at);
    marked = marked.slice(0, place) + MARK + marked.slice(place);
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
  if (!text.includes(MARK)) return <>{text}</>;
  return (
    <>
      {text.split(MARK).map((part, index) => (
        <span key={index}>
          {index > 0 && <SeamMark />}
          {part}
        </span>
      ))}
    </>
  );
}

function SeamMark() {
  const title = useContext(SeamTitles)[0] ?? 'Here another model went on.';
  return (
    <span class="seam" role="img" aria-label={title} title={title}>
      <Icon name="seam" />
    </span>
  );
}
