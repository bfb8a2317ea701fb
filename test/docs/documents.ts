import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What people read. */
export const documents: readonly string[] = [
  ...['README.md', 'CONTRIBUTING.md', 'tools/lab/README.md', 'models/lifeboat/README.md'],
  ...readdirSync(`${root}/docs`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

export const textOf = (document: string) => readFileSync(`${root}/${document}`, 'utf8');

/** A fenced block. */
export type Block = {
  readonly document: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
};

/** Every fenced block of a document. */
export function blocksOf(document: string): Block[] {
  const text = textOf(document);
  return [...text.matchAll(/^```(\S*)\n([\s\S]*?)^```$/gm)].map(
    ({ 1: language = '', 2: body = '', index }) => ({
      document,
      line: text.slice(0, index).split('\n').length,
      language,
      text: body,
    }),
  );
}

/** Every fenced block there is, in these languages. */
export function blocksIn(...languages: string[]): Block[] {
  return documents.flatMap(blocksOf).filter(({ language }) => languages.includes(language));
}

/** A document's text in backticks, outside of blocks. */
export function spansOf(document: string): string[] {
  const prose = textOf(document).replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/(?<!`)`([^`]+)`(?!`)/g)].map(([, code = '']) =>
    code.replaceAll(/\s*\n\s*/g, ' ').replaceAll('\\|', '|'),
  );
}

/** The commands of a shell block, lines that belong together as one. */
export function commandsOf({ text }: Block): string[] {
  return text
    .replaceAll(/(\\|\|)\n\s*/g, (_, end: string) => (end === '|' ? '| ' : ''))
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
}
