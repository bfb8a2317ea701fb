import { extname } from 'node:path';
import { wrongUsage } from '../failure.ts';
import type { Said } from './conversation.ts';

const NAMES = { user: 'You', assistant: 'Answer' } as const;

/**
 * A conversation as a file: Markdown, JSON (messages as the API takes them) or plain text.
 *
 * @throws CommandFailure when the file's name ends with something else.
 */
export function transcript(
  path: string,
  said: readonly Said[],
  system: string | undefined,
): string {
  const extension = extname(path).toLowerCase();
  if (extension === '.json') {
    const first = system ? [{ role: 'system', content: system }] : [];
    return `${JSON.stringify([...first, ...said], null, 2)}\n`;
  }
  if (extension === '.md') {
    return said.map(({ role, content }) => `## ${NAMES[role]}\n\n${content}\n`).join('\n');
  }
  if (extension === '.txt') {
    return said.map(({ role, content }) => `${NAMES[role]}: ${content}\n`).join('\n');
  }
  throw wrongUsage('Save to a file that ends with .md, .json or .txt.');
}
