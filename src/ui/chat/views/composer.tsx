import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../../shared/icons.tsx';
import { canAsk, send, stop } from '../conversation/ask.ts';
import { conversation, running } from '../conversation/desk.ts';
import { panel } from '../panels.ts';
import { isSendKey, isTouch } from '../send-key.ts';
import { ModelButton } from './model-button.tsx';

const KEPT_AS = 'keyturn.draft';

/** What is being written; it outlives a reload of this tab. */
export const drafted = signal(sessionStorage.getItem(KEPT_AS) ?? '');
drafted.subscribe((text) => sessionStorage.setItem(KEPT_AS, text));

/** Where a prompt is written, with what it will be asked with. */
export function Composer() {
  const field = useRef<HTMLTextAreaElement>(null);
  const isAnswering = running.value.has(conversation.value.id);
  const { system, temperature, maxTokens } = conversation.value.settings;
  const isSet = Boolean(system.trim()) || temperature !== undefined || maxTokens !== undefined;
  const canSend = drafted.value.trim() !== '' && canAsk();
  useLayoutEffect(() => {
    const { current } = field;
    if (!current) return;
    current.style.height = 'auto';
    current.style.height = `${current.scrollHeight + 2}px`;
  }, [drafted.value]);
  useEffect(() => {
    if (!isTouch) field.current?.focus({ preventScroll: true });
  }, []);
  const submit = () => {
    if (!canSend) return;
    const text = drafted.value.trim();
    drafted.value = '';
    void send(text);
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <textarea
        ref={field}
        id="prompt"
        rows={1}
        aria-label="Prompt"
        placeholder="Ask something"
        enterkeyhint={isTouch ? 'enter' : 'send'}
        value={drafted.value}
        onInput={(event) => {
          drafted.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (!isSendKey(event)) return;
          event.preventDefault();
          submit();
        }}
      />
      <div class="composer-foot">
        <ModelButton />
        <button
          type="button"
          class={`icon-button ${isSet ? 'set' : ''}`}
          aria-label="Settings of this conversation"
          title={
            isSet ? 'Settings of this conversation (changed)' : 'Settings of this conversation'
          }
          onClick={() => {
            panel.value = { kind: 'settings' };
          }}
        >
          <Icon name="settings" />
        </button>
        {isAnswering ? (
          <button type="button" class="button primary round" aria-label="Stop" onClick={stop}>
            <Icon name="stop" />
          </button>
        ) : (
          <button type="submit" class="button primary round" aria-label="Send" disabled={!canSend}>
            <Icon name="send" />
          </button>
        )}
      </div>
    </form>
  );
}
