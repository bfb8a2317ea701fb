import { useMemo, useRef } from 'preact/hooks';
import { Icon } from '../../shared/icons.tsx';
import { retry } from '../conversation/ask.ts';
import type { Answer } from '../conversation/conversation.ts';
import { conversation, running } from '../conversation/desk.ts';
import { seamSentences } from '../conversation/trail.ts';
import { CopyButton } from '../copy-button.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { SeamTitles, withMarks } from '../markdown/seam.tsx';
import { shortName } from '../models.ts';
import { AnswerFacts } from './answer-facts.tsx';
import { EndingNote } from './ending-note.tsx';
import { useNearby } from './nearby.ts';

type Props = { readonly answer: Answer; readonly index: number; readonly isGrowing: boolean };

/** What a model said, who it was, and how it ended. */
export function AnswerView({ answer, index, isGrowing }: Props) {
  const place = useRef<HTMLElement>(null);
  const isNearby = useNearby(place) || isGrowing;
  const { text, servedBy, seams } = answer;
  const name = servedBy ? shortName(servedBy) : '';
  const titles = useMemo(() => seamSentences({ seams }), [seams.length]);
  return (
    <article
      ref={place}
      class="turn answer"
      aria-label={name ? `Answer by ${name}` : 'Answer'}
      aria-busy={isGrowing}
    >
      <Reasoning answer={answer} isGrowing={isGrowing} />
      {isNearby ? (
        <SeamTitles.Provider value={titles}>
          <Markdown text={withMarks(text, seams)} isGrowing={isGrowing} />
        </SeamTitles.Provider>
      ) : (
        <p class="said">{text}</p>
      )}
      {isGrowing && !text && !answer.reasoning && (
        <p class="waiting">
          <span class="pulse" />
          Waiting for the first word
        </p>
      )}
      {!isGrowing && <EndingNote answer={answer} />}
      {!isGrowing && (
        <footer>
          <AnswerFacts answer={answer} />
          <Actions answer={answer} index={index} />
        </footer>
      )}
    </article>
  );
}

function Actions({ answer, index }: Omit<Props, 'isGrowing'>) {
  const hasFailed = answer.ending.kind === 'failed';
  return (
    <div class="actions">
      {answer.text && <CopyButton what="answer" text={() => answer.text} />}
      <button
        type="button"
        class={hasFailed ? 'button' : 'icon-button small'}
        aria-label="Ask again"
        title="Ask again"
        disabled={running.value.has(conversation.value.id)}
        onClick={() => void retry(index)}
      >
        <Icon name="retry" />
        {hasFailed && 'Ask again'}
      </button>
    </div>
  );
}

/** What a model thought, for those who want to know. */
function Reasoning({ answer: { reasoning, text }, isGrowing }: Omit<Props, 'index'>) {
  if (!reasoning) return null;
  const isThinking = isGrowing && !text;
  return (
    <details class="reasoning">
      <summary>
        {isThinking && <span class="pulse" />}
        {isThinking ? 'Thinking' : 'What it thought'}
      </summary>
      <p class="said">{reasoning}</p>
    </details>
  );
}
