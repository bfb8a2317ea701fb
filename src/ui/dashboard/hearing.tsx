import { connection } from '../shared/connection.ts';
import { duration, timeOfDay } from '../shared/format.ts';
import { Icon } from '../shared/icons.tsx';
import { now } from '../shared/now.ts';
import { board, hearing } from './live.ts';

const WORDS = {
  connecting: ['warn', 'Connecting…'],
  live: ['good', 'Live'],
  paused: ['plain', 'Paused'],
  failed: ['bad', 'Not live'],
} as const;

/** Whether what is shown is the present. */
export function HearingChip() {
  const [look, word] = WORDS[hearing.value.kind];
  return (
    <span class={`chip live ${look}`} role="status">
      <span class="pulse" />
      {word}
    </span>
  );
}

/** Why it is not, and how old it is. */
export function HearingNote({ hasBoard }: { readonly hasBoard: boolean }) {
  const state = hearing.value;
  const heardAt = board.value?.heardAt;
  // The frame says it already where nobody answers at all.
  if (state.kind !== 'failed' || (connection.value !== 'online' && hasBoard)) return null;
  const waitMs = state.retryAt - now.value;
  return (
    <p class="note bad" role="alert">
      <Icon name="warning" />
      <span>
        {state.message} {waitMs > 0 ? `Trying again in ${duration(waitMs)}.` : 'Trying again.'}
        {hasBoard && heardAt !== undefined && <> What is shown is from {timeOfDay(heardAt)}.</>}
      </span>
    </p>
  );
}
