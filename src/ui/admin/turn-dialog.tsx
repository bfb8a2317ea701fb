import { useSignal } from '@preact/signals';
import { messageOf } from '../shared/call.ts';
import { Dialog } from '../shared/dialog.tsx';
import { say } from '../shared/messages.tsx';
import { turnKey } from './report.ts';

/** The second step of a turn: what it does, and whether it is meant. */
export function TurnDialog({ onClose }: { readonly onClose: () => void }) {
  const isMeant = useSignal(false);
  const isBusy = useSignal(false);
  const failure = useSignal('');
  const turn = async () => {
    isBusy.value = true;
    failure.value = '';
    try {
      await turnKey();
      say('The key has turned');
      onClose();
    } catch (error) {
      failure.value = messageOf(error);
    }
    isBusy.value = false;
  };
  return (
    <Dialog title="Turn the key now?" onClose={onClose}>
      <p>
        Everybody who has the key of this week is locked out at once, and needs the new one from
        you. What is under way finishes.
      </p>
      <label class="meant">
        <input
          type="checkbox"
          checked={isMeant.value}
          onChange={(event) => {
            isMeant.value = event.currentTarget.checked;
          }}
        />
        <span>I shall pass the new key on</span>
      </label>
      <p role="alert" class={failure.value ? 'note bad' : ''}>
        {failure.value}
      </p>
      <div class="dialog-foot">
        <button type="button" class="button" onClick={onClose}>
          Keep it
        </button>
        <button
          type="button"
          class="button danger solid"
          disabled={!isMeant.value || isBusy.value}
          onClick={() => void turn()}
        >
          {isBusy.value ? 'Turning…' : 'Turn the key'}
        </button>
      </div>
    </Dialog>
  );
}
