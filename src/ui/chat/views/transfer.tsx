import { useRef } from 'preact/hooks';
import { messageOf } from '../../shared/call.ts';
import { Icon } from '../../shared/icons.tsx';
import { say } from '../../shared/messages.tsx';
import { refreshShelf } from '../conversation/desk.ts';
import { download } from '../conversation/exported.ts';
import { readExport } from '../conversation/imported.ts';
import { keep, readAll } from '../conversation/shelf.ts';

/** All conversations to a file, and back. */
export function Transfer() {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        class="icon-button"
        aria-label="Import conversations"
        title="Import conversations"
        onClick={() => input.current?.click()}
      >
        <Icon name="upload" />
      </button>
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        hidden
        aria-label="File of conversations"
        onChange={(event) => {
          const { files } = event.currentTarget;
          if (files?.[0]) void importFrom(files[0]);
          event.currentTarget.value = '';
        }}
      />
      <button
        type="button"
        class="icon-button"
        aria-label="Export all conversations"
        title="Export all conversations"
        onClick={() => void exportAll()}
      >
        <Icon name="download" />
      </button>
    </>
  );
}

async function exportAll(): Promise<void> {
  const all = await readAll();
  if (all.length === 0) return say('There is nothing to export yet');
  download(all, 'json');
}

async function importFrom(file: File): Promise<void> {
  try {
    const conversations = readExport(await file.text());
    for (const conversation of conversations) await keep(conversation);
    await refreshShelf();
    say(`Imported: ${conversations.length}`);
  } catch (error) {
    say(messageOf(error));
  }
}
