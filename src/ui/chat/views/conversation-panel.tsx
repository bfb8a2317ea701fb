import { useSignal } from '@preact/signals';
import { Dialog } from '../../shared/dialog.tsx';
import { Icon } from '../../shared/icons.tsx';
import { say } from '../../shared/messages.tsx';
import { change, conversation, discard, shelved } from '../conversation/desk.ts';
import { download, FORMS, type Form } from '../conversation/exported.ts';
import { read } from '../conversation/shelf.ts';
import { closePanel } from '../panels.ts';

/** Renames, exports or deletes one conversation. */
export function ConversationPanel({ id }: { readonly id: string }) {
  const before = shelved.value?.find((summary) => summary.id === id)?.title ?? '';
  const title = useSignal(before);
  const isSure = useSignal(false);
  const rename = (event: Event) => {
    event.preventDefault();
    const name = title.value.trim();
    if (name) void change(id, (one) => ({ ...one, title: name }));
    closePanel();
  };
  const remove = () => {
    if (!isSure.value) {
      isSure.value = true;
      return;
    }
    void discard(id).then(() => say('Deleted'));
    closePanel();
  };
  return (
    <Dialog title="Conversation" onClose={closePanel}>
      <form class="settings" onSubmit={rename}>
        <div class="field">
          <label class="label" for="new-title">
            Title
          </label>
          <span class="with-button">
            <input
              id="new-title"
              type="text"
              class="input"
              maxLength={200}
              value={title.value}
              onInput={(event) => {
                title.value = event.currentTarget.value;
              }}
            />
            <button type="submit" class="button primary">
              Rename
            </button>
          </span>
        </div>
      </form>
      <h3 class="panel-part">Export</h3>
      <div class="choices">
        {(Object.keys(FORMS) as Form[]).map((form) => (
          <button key={form} type="button" class="button" onClick={() => void exportAs(id, form)}>
            <Icon name="download" />
            {FORMS[form].name}
          </button>
        ))}
      </div>
      <h3 class="panel-part">Delete</h3>
      <button type="button" class="button danger" onClick={remove}>
        <Icon name="trash" />
        {isSure.value ? 'Really delete: it exists nowhere else' : 'Delete'}
      </button>
    </Dialog>
  );
}

async function exportAs(id: string, form: Form): Promise<void> {
  const isOpen = conversation.value.id === id;
  const found = isOpen ? conversation.value : await read(id);
  if (found) download([found], form);
  closePanel();
}
