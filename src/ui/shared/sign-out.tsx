import { useSignal } from '@preact/signals';
import { Dialog } from './dialog.tsx';
import { Icon } from './icons.tsx';
import { keyState, signOut } from './key.ts';
import { say } from './messages.tsx';

/** Forgets the key, after a question. */
export function SignOut() {
  const isAsking = useSignal(false);
  const ask = (value: boolean) => {
    isAsking.value = value;
  };
  if (keyState.value.kind === 'absent') return null;
  return (
    <>
      <button type="button" class="icon-button" aria-label="Sign out" onClick={() => ask(true)}>
        <Icon name="leave" />
      </button>
      {isAsking.value && (
        <Dialog title="Sign out of this browser?" onClose={() => ask(false)}>
          <p>The key is forgotten here, in every tab. Conversations stay in this browser.</p>
          <div class="dialog-foot">
            <button type="button" class="button" onClick={() => ask(false)}>
              Stay
            </button>
            <button
              type="button"
              class="button primary"
              onClick={() => {
                signOut();
                say('Signed out');
              }}
            >
              Sign out
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
