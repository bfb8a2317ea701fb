import type { Seam } from '../markdown/seam.tsx';

/** What the next answer is asked for with. Absent: as the model has it by itself. */
export type ChatSettings = {
  /** Empty: the server's own choice. */
  readonly model: string;
  readonly system: string;
  readonly temperature?: number | undefined;
  readonly maxTokens?: number | undefined;
};

export type Prompt = {
  readonly role: 'user';
  readonly id: string;
  readonly at: number;
  readonly text: string;
};

/** How an answer ended. */
export type Ending =
  | { readonly kind: 'whole' }
  /** Cut by the length that was asked for, or the model's own. */
  | { readonly kind: 'length' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

export type Answer = {
  readonly role: 'assistant';
  readonly id: string;
  readonly at: number;
  readonly text: string;
  readonly reasoning: string;
  /** As `x-served-by` names it. */
  readonly servedBy: string;
  /** As `x-fallback-trail` has it. */
  readonly trail: string;
  readonly seams: readonly Seam[];
  readonly promptTokens?: number | undefined;
  readonly answerTokens?: number | undefined;
  /** From asking to the first word, and to the last. */
  readonly firstMs?: number | undefined;
  readonly tookMs?: number | undefined;
  readonly ending: Ending;
};

export type Turn = Prompt | Answer;

export type Conversation = {
  readonly id: string;
  readonly title: string;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly settings: ChatSettings;
  readonly turns: readonly Turn[];
};

/** What the list of conversations shows of one. */
export type Summary = Pick<Conversation, 'id' | 'title' | 'changedAt'>;

export const NEW_TITLE = 'New chat';
const MAX_TITLE = 60;

/** An id that no other conversation or turn has; `crypto.randomUUID` needs https. */
export const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('');

export function newConversation(settings: ChatSettings, now = Date.now()): Conversation {
  const times = { createdAt: now, changedAt: now };
  return { id: newId(), title: NEW_TITLE, ...times, settings, turns: [] };
}

export const newPrompt = (text: string): Prompt => ({
  role: 'user',
  id: newId(),
  at: Date.now(),
  text,
});

/** A conversation's first words, in the length of a title. */
export function titleOf(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  if (line.length <= MAX_TITLE) return line || NEW_TITLE;
  const cut = line.slice(0, MAX_TITLE);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), MAX_TITLE / 2))}…`;
}

/** What is sent: the system text, and everything that was said. */
export function messagesOf({ settings, turns }: Conversation) {
  const said = turns
    .filter(({ text }) => text !== '')
    .map(({ role, text }) => ({ role: role as string, content: text }));
  const system = settings.system.trim();
  return system ? [{ role: 'system', content: system }, ...said] : said;
}
