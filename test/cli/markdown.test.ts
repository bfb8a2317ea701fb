import { expect, test } from 'vitest';
import { markdownPainter } from '../../src/cli/markdown.ts';
import { harmless } from '../../src/cli/paint.ts';

const TEXT = `# A heading
Plain **bold** and \`code\`, 2 * 3 ** 4.
- one
* two
1. three
\`\`\`js
const a = '**not bold**'; // # no heading
\`\`\`
> the **end`;

function painted(pieces: readonly string[]): string {
  const painter = markdownPainter();
  return pieces.map((piece) => painter.push(piece)).join('') + painter.end();
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them
  return text.replace(/\u001b\[\d+m/g, '');
}

test('colours a text without changing a letter of it, however it is cut into pieces', () => {
  const whole = painted([TEXT]);
  for (let size = 1; size < 12; size++) {
    const pieces = TEXT.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
    expect(plain(painted(pieces))).toBe(TEXT);
    expect(painted(pieces)).toBe(whole);
  }
});

test('switches every colour off again', () => {
  const codes = [...painted(['**never closed, `nor this']).matchAll(/\[(\d+)m/g)].map(([, n]) => n);
  expect(codes).toEqual(['1', '33', '39', '22']);
});

test('marks headings, list marks, code and bold text', () => {
  const whole = painted([TEXT]);
  expect(whole).toContain('\u001b[1m\u001b[36m# A heading');
  expect(whole).toContain('\u001b[33m-\u001b[39m one');
  expect(whole).toContain('\u001b[33m`code`\u001b[39m');
  expect(whole).toContain('\u001b[1m**bold**\u001b[22m');
  expect(whole).toContain("\u001b[32mconst a = '**not bold**'");
});

test('an answer cannot steer the terminal', () => {
  expect(harmless('a\u001b]0;title\u0007b\r\u009b2Jc\n\td')).toBe('a]0;titleb2Jc\n\td');
});
