import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { CopyButton } from '../copy-button.tsx';
import { TextWithSeams, withoutMarks } from './seam.tsx';

type Props = {
  readonly text: string;
  readonly language: string;
  readonly isGrowing: boolean;
};

/** Colours beyond this size cost more than they tell. */
const MAX_COLOURED = 60_000;
/** While code grows, it is coloured this often, or at a twentieth of the time that it takes. */
const COLOUR_EVERY_MS = 200;

/** Code with its language, its colours and a button that copies it. */
export function CodeBlock({ text, language, isGrowing }: Props) {
  const name =
    withoutMarks(language)
      .trim()
      .split(/[\s{,]/)[0] ?? '';
  const coloured = useColours(text, name, isGrowing);
  return (
    <figure class="code">
      <figcaption>
        <span>{name || 'text'}</span>
        <CopyButton what="code" text={() => withoutMarks(text)} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <pre tabIndex={0}>
        <code>
          {coloured.shown}
          <TextWithSeams text={text.slice(coloured.length)} />
        </code>
      </pre>
    </figure>
  );
}

type Coloured = { readonly shown: ComponentChildren; readonly length: number };

const NOTHING: Coloured = { shown: null, length: 0 };

/** The beginning of the code that is coloured by now; the rest follows in one colour. */
function useColours(text: string, language: string, isGrowing: boolean): Coloured {
  const coloured = useSignal<{ of: string; part: Coloured }>({ of: '', part: NOTHING });
  const wanted = useRef(text);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const costMs = useRef(0);
  wanted.current = text;

  const colour = async () => {
    const { highlight } = await import('./highlight.tsx');
    const of = wanted.current;
    const since = performance.now();
    const shown = of.length > MAX_COLOURED ? undefined : highlight(of, language);
    costMs.current = performance.now() - since;
    timer.current = undefined;
    if (!shown) return;
    coloured.value = { of, part: { shown, length: of.length } };
    if (wanted.current !== of) plan();
  };
  const plan = () => {
    const pauseMs = isGrowing ? Math.max(COLOUR_EVERY_MS, 20 * costMs.current) : 0;
    timer.current ??= setTimeout(() => void colour(), pauseMs);
  };
  useEffect(() => {
    if (language && coloured.value.of !== text) plan();
  }, [text, language, isGrowing]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return text.startsWith(coloured.value.of) ? coloured.value.part : NOTHING;
}
