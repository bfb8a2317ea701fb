import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Conversation, Summary } from './conversation.ts';

interface Schema extends DBSchema {
  conversations: { key: string; value: Conversation };
  /** Beside the conversations, so that a list of them doesn't read them all. */
  summaries: { key: string; value: Summary };
}

let opened: Promise<IDBPDatabase<Schema>> | undefined;

/** Conversations live in this browser and nowhere else. */
function shelf(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>('keyturn', 1, {
    upgrade: (database) => {
      database.createObjectStore('conversations', { keyPath: 'id' });
      database.createObjectStore('summaries', { keyPath: 'id' });
    },
  });
  return opened;
}

/** Tells other tabs that something on the shelf has changed. */
const others = new BroadcastChannel('keyturn.conversations');

/** Calls back when another tab has changed a conversation. */
export function onChangeElsewhere(changed: (id: string) => void): void {
  others.addEventListener('message', ({ data }) => changed(String(data)));
}

/** Newest first. */
export async function summaries(): Promise<Summary[]> {
  const all = await (await shelf()).getAll('summaries');
  return all.sort((one, other) => other.changedAt - one.changedAt);
}

export async function read(id: string): Promise<Conversation | undefined> {
  return (await shelf()).get('conversations', id);
}

export async function readAll(): Promise<Conversation[]> {
  return (await shelf()).getAll('conversations');
}

export async function keep(conversation: Conversation): Promise<void> {
  const { id, title, changedAt } = conversation;
  const change = (await shelf()).transaction(['conversations', 'summaries'], 'readwrite');
  await Promise.all([
    change.objectStore('conversations').put(conversation),
    change.objectStore('summaries').put({ id, title, changedAt }),
    change.done,
  ]);
  others.postMessage(id);
}

export async function remove(id: string): Promise<void> {
  const change = (await shelf()).transaction(['conversations', 'summaries'], 'readwrite');
  await Promise.all([
    change.objectStore('conversations').delete(id),
    change.objectStore('summaries').delete(id),
    change.done,
  ]);
  others.postMessage(id);
}

/** Ids of the conversations in which these words were said, one conversation in memory at a time. */
export async function search(words: string): Promise<Set<string>> {
  const found = new Set<string>();
  const wanted = words.toLowerCase();
  const { store } = (await shelf()).transaction('conversations');
  for await (const { value } of store) {
    const isFound = value.turns.some(({ text }) => text.toLowerCase().includes(wanted));
    if (isFound || value.title.toLowerCase().includes(wanted)) found.add(value.id);
  }
  return found;
}
