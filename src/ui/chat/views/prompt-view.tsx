import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../../shared/icons.tsx';
import { resend } from '../conversation/ask.ts';
import type { Prompt } from '../conversation/conversation.ts';
import { conversation, running } from '../conversation/desk.ts';
import { CopyButton } from '../copy-button.tsx';

type Props = { readonly prompt: Prompt; readonly index: number };

/** What the reader said, which may be said in other words. */
export function PromptView({ prompt, index }: Props) {
  const isEditing = useSignal(false);
  const isBusy = running.value.has(conversation.value.id);
  const done = () => {
    isEditing.value = false;
  };
  if (isEditing.value) return <Editor prompt={prompt} index={index} onDone={done} />;
  return (
    <article class="turn prompt" aria-label="You">
      <p class="said">{prompt.text}</p>
      <div class="actions">
        <CopyButton what="prompt" text={() => prompt.text} />
        <button
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

function Editor({ prompt, index, onDone }: Props & { readonly onDone: () => void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = () => {
    const text = field.current?.value.trim();
    if (!text) return;
    onDone();
    void resend(index, text);
  };
  return (
    <form
      class="turn editor"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDone();
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        submit();
      }}
    >
      <textarea
        ref={field}
        class="input"
        aria-label="Your prompt in other words"
        rows={Math.min(12, prompt.text.split('\n').length + 1)}
        defaultValue={prompt.text}
      />
      <p class="muted">What came after it is replaced.</p>
      <div class="dialog-foot">
        <button type="button" class="button" onClick={onDone}>
          Leave as it was
        </button>
        <button type="submit" class="button primary">
          Send
        </button>
      </div>
    </form>
  );
}
