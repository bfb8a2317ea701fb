import { type Signal, signal } from '@preact/signals';
import {
  type Answer,
  type ChatSettings,
  type Conversation,
  newConversation,
  type Summary,
} from './conversation.ts';
import { keep, onChangeElsewhere, read, remove, summaries } from './shelf.ts';

/** An answer that comes in. */
export type Running = {
  /** As it is drawn. */
  readonly answer: Signal<Answer>;
  /** As it has come: a page that nobody sees draws nothing. */
  soFar(): Answer;
  stop(): void;
};

const LAST_SETTINGS = 'keyturn.settings';

/** The conversation on the desk. A new one reaches the shelf with its first prompt. */
export const conversation = signal<Conversation>(newConversation(lastSettings()));

/** All that is on the shelf; undefined until it has been read. */
export const shelved = signal<readonly Summary[] | undefined>(undefined);

/** The shelf can't be used: some private windows have none. */
export const shelfTrouble = signal('');

/** Answers under way, by conversation: changing to another one doesn't stop them. */
export const running = signal<ReadonlyMap<string, Running>>(new Map());

/** Reads the list anew. */
export async function refreshShelf(): Promise<void> {
  try {
    shelved.value = await summaries();
    shelfTrouble.value = '';
  } catch (error) {
    shelved.value ??= [];
    shelfTrouble.value = `This browser keeps no conversations: ${String(error)}`;
  }
}

/** Puts an empty conversation on the desk. */
export function startNew(): void {
  conversation.value = newConversation(lastSettings());
  if (location.hash) history.pushState(null, '', location.pathname);
}

/** Puts the conversation on the desk that the address names. */
export async function openFromAddress(): Promise<void> {
  const id = /^#\/c\/(\w+)$/.exec(location.hash)?.[1];
  if (id === conversation.value.id) return;
  const found = id ? await read(id).catch(() => undefined) : undefined;
  if (found) conversation.value = found;
  else startNew();
}

export const addressOf = (id: string): string => `#/c/${id}`;

/** Changes a conversation, wherever it lies, and keeps it. Nothing happens to one that was deleted. */
export async function change(
  id: string,
  changed: (before: Conversation) => Conversation,
): Promise<void> {
  const isOpen = conversation.value.id === id;
  const before = isOpen ? conversation.value : await read(id).catch(() => undefined);
  if (!before) return;
  const after = changed(before);
  if (isOpen) conversation.value = after;
  await store(after);
}

/** Keeps a conversation; what can't be kept stays on the desk. */
export async function store(changed: Conversation): Promise<void> {
  try {
    await keep(changed);
  } catch (error) {
    shelfTrouble.value = `This browser could not keep the conversation: ${String(error)}`;
    return;
  }
  await refreshShelf();
}

/** Settings hold for this conversation, and are where the next one begins. */
export function changeSettings(settings: ChatSettings): void {
  const { system: _, ...kept } = settings;
  localStorage.setItem(LAST_SETTINGS, JSON.stringify(kept));
  const after = { ...conversation.value, settings };
  conversation.value = after;
  if (after.turns.length > 0) void store(after);
}

export async function discard(id: string): Promise<void> {
  running.value.get(id)?.stop();
  await remove(id);
  if (conversation.value.id === id) startNew();
  await refreshShelf();
}

function lastSettings(): ChatSettings {
  try {
    const kept = JSON.parse(localStorage.getItem(LAST_SETTINGS) ?? '{}');
    return { model: '', ...kept, system: '' };
  } catch {
    return { model: '', system: '' };
  }
}

/** Follows the address, and what other tabs do. */
export function openDesk(): void {
  addEventListener('popstate', () => void openFromAddress());
  onChangeElsewhere((id) => {
    void refreshShelf();
    if (id !== conversation.value.id || running.value.has(id)) return;
    void read(id).then((changed) => {
      if (changed && conversation.value.id === id) conversation.value = changed;
    });
  });
  void refreshShelf();
  void openFromAddress();
}
