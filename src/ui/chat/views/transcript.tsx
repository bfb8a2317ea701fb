import { Signal, useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Icon } from '../../shared/icons.tsx';
import type { Answer, Turn } from '../conversation/conversation.ts';
import { conversation, type Running, running } from '../conversation/desk.ts';
import { AnswerView } from './answer-view.tsx';
import { PromptView } from './prompt-view.tsx';

/** Nearer than this to the end, the reader follows it. */
const AT_END_PX = 80;

/** All that was said, with the answer that comes in at its end. */
export function Transcript() {
  const { id, turns: kept } = conversation.value;
  const current = running.value.get(id);
  const turns = useMemo(() => withoutBeginning(kept, current), [kept, current]);
  const scroller = useRef<HTMLDivElement>(null);
  const { isFollowing, toEnd } = useFollowing(scroller, current);
  const said = useMemo(
    () =>
      turns.map((turn, index) =>
        turn.role === 'user' ? (
          <PromptView key={turn.id} prompt={turn} index={index} />
        ) : (
          <AnswerTurn key={turn.id} answer={turn} index={index} />
        ),
      ),
    [turns],
  );
  return (
    <div class="scroller" ref={scroller}>
      <div class="transcript">{current ? [...said, growing(current, turns.length)] : said}</div>
      {!isFollowing && (
        <button type="button" class="icon-button to-end" aria-label="To the end" onClick={toEnd}>
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}

/** The shelf may hold the beginning of the very answer that comes in. */
function withoutBeginning(turns: readonly Turn[], current?: Running): readonly Turn[] {
  const id = current?.answer.peek().id;
  return turns.some((turn) => turn.id === id) ? turns.filter((turn) => turn.id !== id) : turns;
}

/** Has the key that it keeps when it is whole: what was drawn of it stays. */
function growing({ answer }: Running, index: number) {
  return <AnswerTurn key={answer.peek().id} answer={answer} index={index} />;
}

type AnswerTurnProps = { readonly answer: Answer | Signal<Answer>; readonly index: number };

/** Only this part is drawn while words come in. */
function AnswerTurn({ answer, index }: AnswerTurnProps) {
  const isGrowing = answer instanceof Signal;
  return (
    <AnswerView answer={isGrowing ? answer.value : answer} index={index} isGrowing={isGrowing} />
  );
}

/**
 * Keeps the end in view while the reader is there, and leaves them alone elsewhere; what they ask for
 * brings them back.
 */
function useFollowing(scroller: { current: HTMLDivElement | null }, answering?: Running) {
  const isFollowing = useSignal(true);
  const toEnd = () => {
    const { current } = scroller;
    isFollowing.value = true;
    if (current) current.scrollTop = current.scrollHeight;
  };
  useEffect(() => {
    const { current } = scroller;
    const content = current?.firstElementChild;
    if (!current || !content) return undefined;
    let lastTop = 0;
    const onScroll = () => {
      const { scrollTop, scrollHeight, clientHeight } = current;
      const isAtEnd = scrollHeight - scrollTop - clientHeight < AT_END_PX;
      // Content that grows moves the end away; only a reader moves up.
      if (isAtEnd) isFollowing.value = true;
      else if (scrollTop < lastTop - 2) isFollowing.value = false;
      lastTop = scrollTop;
    };
    const watcher = new ResizeObserver(() => {
      if (isFollowing.peek()) current.scrollTop = current.scrollHeight;
    });
    watcher.observe(content);
    watcher.observe(current);
    current.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      watcher.disconnect();
      current.removeEventListener('scroll', onScroll);
    };
  }, []);
  useEffect(() => {
    if (answering) toEnd();
  }, [answering]);
  return { isFollowing: isFollowing.value, toEnd };
}
