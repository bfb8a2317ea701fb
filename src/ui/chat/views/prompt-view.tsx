import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../../shared/icons.tsx';
import { canAsk, resend } from '../conversation/ask.ts';
import type { Prompt } from '../conversation/conversation.ts';
import { conversation, running } from '../conversation/desk.ts';
import { CopyButton } from '../copy-button.tsx';
import { isSendKey, isTouch } from '../send-key.ts';
import { focusPrompt } from '../shortcuts.ts';

type Props = { readonly prompt: Prompt; readonly index: number };

/** What the reader said, which may be said in other words. */
export function PromptView({ prompt, index }: Props) {
  const isEditing = useSignal(false);
  const isBusy = running.value.has(conversation.value.id);
  const edit = useRef<HTMLButtonElement>(null);
  const leave = () => {
    isEditing.value = false;
    requestAnimationFrame(() => edit.current?.focus());
  };
  if (isEditing.value) return <Editor prompt={prompt} index={index} onLeave={leave} />;
  return (
    <article class="turn prompt" aria-label="You">
      <p class="said">{prompt.text}</p>
      <div class="actions">
        <CopyButton what="prompt" text={() => prompt.text} />
        <button
          ref={edit}
          type="button"
          class="icon-button small"
          aria-label="Edit and send again"
          title="Edit and send again"
          disabled={isBusy}
          onClick={() => {
            isEditing.value = true;
          }}
        >
          <Icon name="edit" />
        </button>
      </div>
    </article>
  );
}

function Editor({ prompt, index, onLeave }: Props & { readonly onLeave: () => void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  // At once: a key that is pressed next is meant for the text.
  useLayoutEffect(() => field.current?.focus(), []);
  const submit = () => {
    const text = field.current?.value.trim();
    if (!text || !canAsk()) return;
    void resend(index, text);
    if (!isTouch) focusPrompt();
  };
  return (
    <form
      class="turn editor"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onLeave();
      }}
    >
      <textarea
        ref={field}
        class="input"
        aria-label="Your prompt in other words"
        rows={Math.min(12, prompt.text.split('\n').length + 1)}
        defaultValue={prompt.text}
        onKeyDown={(event) => {
          if (!isSendKey(event)) return;
          event.preventDefault();
          submit();
        }}
      />
      <p class="muted">What came after it is replaced.</p>
      <div class="dialog-foot">
        <button type="button" class="button" onClick={onLeave}>
          Leave as it was
        </button>
        <button type="submit" class="button primary" disabled={!canAsk()}>
          Send
        </button>
      </div>
    </form>
  );
}
