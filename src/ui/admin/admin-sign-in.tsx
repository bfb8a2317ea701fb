import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { messageOf } from '../shared/call.ts';
import { Icon } from '../shared/icons.tsx';
import { secretState, signInAsAdmin } from './secret.ts';

/** Asks for the admin secret. */
export function AdminSignIn() {
  const text = useSignal('');
  const isBusy = useSignal(false);
  const failure = useSignal('');
  const id = useId();
  const state = secretState.value;
  const refusal = state.kind === 'absent' ? state.refusal : undefined;

  const submit = async (event: Event) => {
    event.preventDefault();
    isBusy.value = true;
    failure.value = '';
    await signInAsAdmin(text.value).catch((error: unknown) => {
      failure.value = messageOf(error);
    });
    isBusy.value = false;
  };

  return (
    <section class="sign-in" aria-labelledby={`${id}title`}>
      <h1 id={`${id}title`}>Open the admin page</h1>
      {refusal && (
        <p class="note warn" role="alert">
          <Icon name="warning" />
          <span>{refusal}</span>
        </p>
      )}
      <form onSubmit={(event) => void submit(event)}>
        <div class="field">
          <label class="label" for={`${id}secret`}>
            Admin secret
          </label>
          <input
            id={`${id}secret`}
            class="input"
            type="password"
            name="admin-secret"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            required
            aria-invalid={failure.value ? 'true' : undefined}
            aria-describedby={`${id}hint ${id}failure`}
            value={text.value}
            onInput={(event) => {
              text.value = event.currentTarget.value;
            }}
          />
        </div>
        <p id={`${id}failure`} role="alert" class={failure.value ? 'note bad' : ''}>
          {failure.value}
        </p>
        <button type="submit" class="button primary" disabled={isBusy.value || !text.value.trim()}>
          {isBusy.value ? 'Opening…' : 'Open'}
        </button>
      </form>
      <p id={`${id}hint`} class="muted">
        It is the server's <code>ADMIN_SECRET</code>; on the server's machine{' '}
        <code>npm run cli -- key</code> shows one that was made at the first boot. It stays in this
        tab and is forgotten with it.
      </p>
    </section>
  );
}
