import { saveFile } from '../../shared/save-file.ts';
import { shortName } from '../models.ts';
import type { Answer, Conversation, Turn } from './conversation.ts';

export const FORMAT = 'keyturn-conversations';

/** The forms in which conversations leave the browser. */
export const FORMS = {
  markdown: { name: 'Markdown', ending: 'md', type: 'text/markdown', write: toMarkdown },
  json: { name: 'JSON', ending: 'json', type: 'application/json', write: toJson },
  text: { name: 'Text', ending: 'txt', type: 'text/plain', write: toText },
} as const;

export type Form = keyof typeof FORMS;

/** Gives conversations to the browser as a file. */
export function download(conversations: readonly Conversation[], form: Form): void {
  const { ending, type, write } = FORMS[form];
  const [first] = conversations;
  const name = conversations.length === 1 && first ? fileName(first.title) : 'conversations';
  saveFile(`${name}.${ending}`, write(conversations), type);
}

const fileName = (title: string): string =>
  title
    .normalize('NFKD')
    .replace(/[^\w]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase() || 'conversation';

function toJson(conversations: readonly Conversation[]): string {
  return `${JSON.stringify({ format: FORMAT, version: 1, conversations }, null, 2)}\n`;
}

function toMarkdown(conversations: readonly Conversation[]): string {
  return each(conversations, ({ title, settings, turns }) => [
    `# ${title}`,
    ...(settings.system ? [`> ${settings.system.replaceAll('\n', '\n> ')}`] : []),
    ...turns.map((turn) => `## ${speaker(turn)}\n\n${turn.text}${remark(turn, '\n\n*', '*')}`),
  ]);
}

function toText(conversations: readonly Conversation[]): string {
  return each(conversations, ({ title, settings, turns }) => [
    `${title}\n${'='.repeat(title.length)}`,
    ...(settings.system ? [`System:\n${settings.system}`] : []),
    ...turns.map((turn) => `${speaker(turn)}:\n${turn.text}${remark(turn, '\n(', ')')}`),
  ]);
}

function each(all: readonly Conversation[], parts: (one: Conversation) => string[]): string {
  return `${all.map((one) => parts(one).join('\n\n')).join('\n\n\n')}\n`;
}

function speaker(turn: Turn): string {
  return turn.role === 'user' ? 'You' : shortName(turn.servedBy || 'Nobody');
}

/** An answer that isn't whole says so in every form. */
function remark(turn: Turn, before: string, after: string): string {
  if (turn.role === 'user') return '';
  const words = endingWords(turn);
  return words ? before + words + after : '';
}

function endingWords({ ending }: Answer): string {
  if (ending.kind === 'stopped') return 'Stopped.';
  if (ending.kind === 'length') return 'Cut at the length limit.';
  return ending.kind === 'failed' ? ending.message : '';
}
