import { duration } from './format.ts';
import { Icon } from './icons.tsx';
import { keyState } from './key.ts';
import { now } from './now.ts';

/** With less left than this, people had better ask for the next key. */
export const LAST_DAY_MS = 24 * 60 * 60 * 1000;

/** How long the key still holds; in another colour on its last day. */
export function KeyChip() {
  const state = keyState.value;
  if (state.kind !== 'valid') return null;
  const leftMs = state.expiresAt - now.value;
  const [, large, small] = /^(\S+ \S+) ?(.*)$/.exec(duration(leftMs)) ?? [];
  const title = `The key turns on ${new Date(state.expiresAt).toLocaleString()}`;
  return (
    <span class={`chip numbers ${leftMs < LAST_DAY_MS ? 'warn' : ''}`} title={title}>
      <Icon name="clock" />
      {leftMs > 0 ? (
        <span>
          <span class="only-wide">Key: </span>
          {large}
          <span class="only-wide"> {small} left</span>
        </span>
      ) : (
        'The key turns now'
      )}
    </span>
  );
}
