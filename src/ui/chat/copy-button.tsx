import { useSignal } from '@preact/signals';
import { copyText } from '../shared/copy-text.ts';
import { Icon } from '../shared/icons.tsx';
import { say } from '../shared/messages.tsx';

type Props = { readonly what: string; readonly text: () => string };

const SHOWN_MS = 1_500;

/** Copies a text, and says that it has. */
export function CopyButton({ what, text }: Props) {
  const isDone = useSignal(false);
  const copy = async () => {
    isDone.value = await copyText(text());
    say(isDone.value ? 'Copied' : 'The browser does not allow copying here');
    setTimeout(() => {
      isDone.value = false;
    }, SHOWN_MS);
  };
  return (
    <button
      type="button"
      class="icon-button small"
      aria-label={`Copy ${what}`}
      title={`Copy ${what}`}
      onClick={() => void copy()}
    >
      <Icon name={isDone.value ? 'check' : 'copy'} />
    </button>
  );
}
