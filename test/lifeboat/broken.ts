import { readFileSync } from 'node:fs';

const path = new URL('../../models/lifeboat/evaluation/words.txt', import.meta.url);
const KNOWN: ReadonlySet<string> = new Set(readFileSync(path, 'utf8').split(/\s+/));

/** What a user sees at once as broken in an answer of the embedded model; undefined: nothing. */
export function brokenIn(answer: string, heard: readonly string[]): string | undefined {
  if (answer.trim() === '') return 'empty';
  if (answer.length > 420) return 'endless';
  if (/[^\x20-\x7e]/.test(answer)) return 'odd characters';
  if (loops(answer)) return 'a loop';
  return mangledWord(answer, heard);
}

function loops(answer: string): boolean {
  const words = answer.split(/\s+/);
  const three = (at: number) => words.slice(at, at + 3).join(' ');
  const isCount = answer.startsWith('1, 2');
  return (
    !isCount &&
    words.slice(0, -8).some((_, at) => three(at) === three(at + 3) && three(at) === three(at + 6))
  );
}

/** A word that no training answer has, and that wasn't said to the model, be it to turn it round. */
function mangledWord(answer: string, heard: readonly string[]): string | undefined {
  const said = heard.flatMap(wordsOf);
  const copied = new Set([...said, ...said.map((word) => [...word].reverse().join(''))]);
  return wordsOf(answer).find((word) => word.length > 1 && !KNOWN.has(word) && !copied.has(word));
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/\p{L}+/gu) ?? [];
}
