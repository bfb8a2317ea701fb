import { useEffect } from 'preact/hooks';
import { ConnectionNote } from '../../shared/connection-note.tsx';
import { Icon } from '../../shared/icons.tsx';
import { isSignedIn } from '../../shared/key.ts';
import { KeyChip } from '../../shared/key-chip.tsx';
import { Messages } from '../../shared/messages.tsx';
import { SignIn } from '../../shared/sign-in.tsx';
import { conversation, shelfTrouble } from '../conversation/desk.ts';
import { refreshModels } from '../models.ts';
import { isSideOpen, panel } from '../panels.ts';
import { useShortcuts } from '../shortcuts.ts';
import { Composer } from './composer.tsx';
import { Panels } from './panels.tsx';
import { SideList } from './side-list.tsx';
import { Transcript } from './transcript.tsx';
import { Welcome } from './welcome.tsx';

/** The whole chat. */
export function ChatPage() {
  const mayAsk = isSignedIn.value;
  const { id, title, turns } = conversation.value;
  const isInUse = mayAsk || turns.length > 0;
  useShortcuts();
  useEffect(() => {
    if (mayAsk) void refreshModels();
  }, [mayAsk]);
  useEffect(() => {
    document.title = turns.length > 0 ? `${title} · keyturn` : 'keyturn';
  }, [title, turns.length > 0]);
  return (
    <div class="chat-page">
      <a class="skip-link" href="#prompt">
        Skip to the prompt
      </a>
      <SideList />
      <div class="desk">
        <header class="bar">
          <button
            type="button"
            class="icon-button only-phone"
            aria-label="Conversations"
            aria-expanded={isSideOpen.value}
            onClick={() => {
              isSideOpen.value = true;
            }}
          >
            <Icon name="menu" />
          </button>
          {isInUse && <h1 class="title">{title}</h1>}
          {turns.length > 0 && (
            <button
              type="button"
              class="icon-button"
              aria-label="Rename, export or delete this conversation"
              onClick={() => {
                panel.value = { kind: 'conversation', id };
              }}
            >
              <Icon name="more" />
            </button>
          )}
          <div class="end">
            <KeyChip />
          </div>
        </header>
        <main id="main">
          {turns.length > 0 ? <Transcript key={id} /> : mayAsk ? <Welcome /> : <SignInFirst />}
        </main>
        <footer class="foot">
          <ConnectionNote still="Conversations can be read; a prompt waits here until the server is back." />
          {shelfTrouble.value && <p class="note warn">{shelfTrouble.value}</p>}
          {mayAsk ? <Composer key={id} /> : turns.length > 0 && <SignIn heading="h2" />}
        </footer>
      </div>
      <Panels />
      <Messages />
    </div>
  );
}

function SignInFirst() {
  return (
    <div class="welcome">
      <SignIn />
    </div>
  );
}
