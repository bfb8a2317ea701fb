import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { messageOf } from './call.ts';
import { Icon } from './icons.tsx';
import { keyState, signIn } from './key.ts';
import { RevealButton } from './reveal-button.tsx';

/** Asks for the week's key, and says why when there was one already. */
export function SignIn({ heading: Heading = 'h1' }: { readonly heading?: 'h1' | 'h2' }) {
  const text = useSignal('');
  const isVisible = useSignal(false);
  const isBusy = useSignal(false);
  const failure = useSignal('');
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const state = keyState.value;

  useEffect(() => {
    // The prompt went away, and the focus with it.
    const isFocusLost = document.activeElement === document.body;
    if (state.kind === 'refused' && isFocusLost) field.current?.focus();
  }, [state.kind]);

  const submit = async (event: Event) => {
    event.preventDefault();
    isBusy.value = true;
    failure.value = '';
    await signIn(text.value).catch((error: unknown) => {
      failure.value = messageOf(error);
    });
    isBusy.value = false;
  };

  return (
    <section class="sign-in" aria-labelledby={`${id}title`}>
      <Heading id={`${id}title`}>Sign in with the key of the week</Heading>
      {state.kind === 'refused' && (
        <p class="note warn" role="alert">
          <Icon name="warning" />
          <span>
            {state.hasTurned
              ? 'The key has turned: the one that was kept here is no longer valid. Ask your admin for the new one.'
              : state.message}
          </span>
        </p>
      )}
      <form onSubmit={(event) => void submit(event)}>
        <div class="field">
          <label class="label" for={`${id}key`}>
            Key
          </label>
          <span class="with-button">
            <input
              ref={field}
              id={`${id}key`}
              class="input"
              {...(isVisible.value ? { type: 'text' } : { type: 'password' })}
              name="key"
              autocomplete="current-password"
              autocapitalize="none"
              spellcheck={false}
              required
              placeholder="sk-…"
              aria-invalid={failure.value ? 'true' : undefined}
              aria-describedby={`${id}hint ${id}failure`}
              value={text.value}
              onInput={(event) => {
                text.value = event.currentTarget.value;
              }}
            />
            <RevealButton isVisible={isVisible} />
          </span>
        </div>
        <p id={`${id}failure`} role="alert" class={failure.value ? 'note bad' : ''}>
          {failure.value}
        </p>
        <button type="submit" class="button primary" disabled={isBusy.value || !text.value.trim()}>
          {isBusy.value ? 'Signing in…' : 'Sign in'}
        </button>
      </form>
      <p id={`${id}hint`} class="muted">
        Your admin has it. It stays in this browser and travels in a header only, to this server
        only.
      </p>
    </section>
  );
}
