import { Icon } from '../../shared/icons.tsx';
import type { Answer } from '../conversation/conversation.ts';

const KEY_CODES = ['expired_api_key', 'invalid_api_key'];

/** Says of an answer that isn't whole that it isn't. */
export function EndingNote({ answer: { ending } }: { readonly answer: Answer }) {
  if (ending.kind === 'whole') return null;
  if (ending.kind === 'stopped') return <p class="note">Stopped. What came stays.</p>;
  if (ending.kind === 'length') {
    return <p class="note">Cut at the length limit. A higher one is in the settings.</p>;
  }
  const isKey = KEY_CODES.includes(ending.code);
  return (
    <p class="note bad" role="alert">
      <Icon name="warning" />
      <span>
        {isKey
          ? 'The key was not valid any more. Sign in with the new one below, then ask again.'
          : ending.message}
      </span>
    </p>
  );
}
