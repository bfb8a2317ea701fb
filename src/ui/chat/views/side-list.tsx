import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Icon } from '../../shared/icons.tsx';
import { SignOut } from '../../shared/sign-out.tsx';
import { SiteNav } from '../../shared/site-nav.tsx';
import type { Summary } from '../conversation/conversation.ts';
import {
  addressOf,
  conversation,
  openFromAddress,
  running,
  shelved,
  startNew,
} from '../conversation/desk.ts';
import { search } from '../conversation/shelf.ts';
import { isSideOpen, panel } from '../panels.ts';
import { focusPrompt } from '../shortcuts.ts';
import { ages } from './ages.ts';
import { Transfer } from './transfer.tsx';

const SEARCH_AFTER_MS = 150;

const close = () => {
  isSideOpen.value = false;
};

/** Conversations by age, with a search through all that was said. */
export function SideList() {
  const words = useSignal('');
  const found = useFound(words.value);
  const all = shelved.value;
  const shown = all?.filter(({ id }) => found?.has(id) ?? true) ?? [];
  return (
    <>
      <aside class={`side ${isSideOpen.value ? 'open' : ''}`} aria-label="Conversations">
        <div class="side-head">
          <a class="brand" href="/">
            <Icon name="key" />
            <strong>keyturn</strong>
          </a>
          <button
            type="button"
            class="icon-button only-phone"
            aria-label="Close the list"
            onClick={close}
          >
            <Icon name="close" />
          </button>
        </div>
        <button
          type="button"
          class="button"
          onClick={() => {
            startNew();
            close();
            requestAnimationFrame(focusPrompt);
          }}
        >
          <Icon name="plus" />
          New chat
        </button>
        <label class="search">
          <Icon name="search" />
          <span class="hidden-visually">Search conversations</span>
          <input
            id="search"
            type="search"
            class="input"
            placeholder="Search"
            value={words.value}
            onInput={(event) => {
              words.value = event.currentTarget.value;
            }}
          />
        </label>
        <nav class="shelf" aria-label="Conversations">
          {ages(shown).map(([age, group]) => (
            <section key={age} aria-label={age}>
              <h2>{age}</h2>
              <ul>
                {group.map((summary) => (
                  <Item key={summary.id} summary={summary} />
                ))}
              </ul>
            </section>
          ))}
          {all && shown.length === 0 && (
            <p class="muted empty">
              {words.value
                ? 'Nothing was said in these words.'
                : 'What you ask is kept here, in this browser only.'}
            </p>
          )}
        </nav>
        <div class="side-foot">
          <Transfer />
          <button
            type="button"
            class="icon-button"
            aria-label="Keyboard shortcuts"
            title="Keyboard shortcuts"
            onClick={() => {
              panel.value = { kind: 'shortcuts' };
            }}
          >
            <Icon name="keyboard" />
          </button>
          <SignOut />
        </div>
        <SiteNav here="/" />
      </aside>
      {isSideOpen.value && (
        <button type="button" class="side-veil" aria-label="Close the list" onClick={close} />
      )}
    </>
  );
}

function Item({ summary: { id, title } }: { readonly summary: Summary }) {
  const isHere = conversation.value.id === id;
  return (
    <li class={isHere ? 'here' : undefined}>
      <a
        href={addressOf(id)}
        aria-current={isHere ? 'true' : undefined}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          history.pushState(null, '', addressOf(id));
          void openFromAddress();
          close();
        }}
      >
        {title}
        {running.value.has(id) && <span class="pulse" role="img" aria-label="Answering" />}
      </a>
      <button
        type="button"
        class="icon-button small"
        aria-label={`Rename, export or delete: ${title}`}
        onClick={() => {
          panel.value = { kind: 'conversation', id };
        }}
      >
        <Icon name="more" />
      </button>
    </li>
  );
}

/** Ids that match; undefined where nothing is searched for. */
function useFound(words: string): ReadonlySet<string> | undefined {
  const found = useSignal<ReadonlySet<string> | undefined>(undefined);
  useEffect(() => {
    if (!words.trim()) {
      found.value = undefined;
      return undefined;
    }
    let isWanted = true;
    const timer = setTimeout(async () => {
      const ids = await search(words.trim());
      if (isWanted) found.value = ids;
    }, SEARCH_AFTER_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [words]);
  return found.value;
}
