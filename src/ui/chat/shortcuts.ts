import { useEffect } from 'preact/hooks';
import { stop } from './conversation/ask.ts';
import { conversation, running, startNew } from './conversation/desk.ts';
import { isSideOpen, panel } from './panels.ts';

/** What the keyboard does anywhere on the page. Ctrl is Cmd on a Mac. */
export const SHORTCUTS = [
  ['Enter', 'Send; on a touch screen the button sends'],
  ['Shift + Enter', 'New line'],
  ['Escape', 'Stop the answer'],
  ['Ctrl + Shift + O', 'New chat'],
  ['Ctrl + K', 'Search conversations'],
  ['Shift + Escape', 'To the prompt'],
  ['Ctrl + M', 'Choose a model'],
  ['Ctrl + .', 'Settings of this conversation'],
  ['Ctrl + /', 'This list'],
] as const;

/** The prompt's field, wherever the focus is. */
export function focusPrompt(): void {
  document.getElementById('prompt')?.focus();
}

export function useShortcuts(): void {
  useEffect(() => {
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

function onKey(event: KeyboardEvent): void {
  const action = actionOf(event);
  if (!action) return;
  event.preventDefault();
  action();
}

function actionOf(event: KeyboardEvent): (() => void) | undefined {
  const { shiftKey, altKey, ctrlKey, metaKey } = event;
  const key = event.key.toLowerCase();
  if (altKey || event.isComposing) return undefined;
  if (key === 'escape') return shiftKey ? focusPrompt : escaping();
  if (!(ctrlKey || metaKey)) return undefined;
  if (shiftKey) return key === 'o' ? newChat : undefined;
  return { k: search, m: open('models'), '.': open('settings'), '/': open('shortcuts') }[key];
}

/** A dialog closes by itself; without one the answer stops. */
function escaping(): (() => void) | undefined {
  if (document.querySelector('dialog[open]')) return undefined;
  if (isSideOpen.value) {
    return () => {
      isSideOpen.value = false;
    };
  }
  return running.value.has(conversation.value.id) ? stop : undefined;
}

function newChat(): void {
  startNew();
  isSideOpen.value = false;
  requestAnimationFrame(focusPrompt);
}

function search(): void {
  const field = document.getElementById('search');
  if (!field) return;
  // Beside a wide page the list is always there.
  if (getComputedStyle(field).visibility === 'hidden') isSideOpen.value = true;
  requestAnimationFrame(() => field.focus());
}

const open = (kind: 'models' | 'settings' | 'shortcuts') => () => {
  panel.value = { kind };
};
