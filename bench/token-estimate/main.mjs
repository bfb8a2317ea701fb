// How far the bound on a prompt's tokens (src/limits/prompt-bound.ts) lies above what real
// tokenisers count: `npm install && node main.mjs` in this folder. A ratio below 1 would be a
// reservation that is too small; the larger it is, the more of a window waits in vain.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode as cl100k } from 'gpt-tokenizer/encoding/cl100k_base';
import { encode as o200k } from 'gpt-tokenizer/encoding/o200k_base';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const { build } = await import(join(root, 'node_modules/rolldown/dist/index.mjs'));
const { output } = await build({
  cwd: root,
  input: 'src/limits/prompt-bound.ts',
  logLevel: 'silent',
  write: false,
  output: { format: 'esm' },
});
const { textBound } = await import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);

function filesIn(folder, ending) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));
}

/** The same pseudo-random letters in every run. */
function randomText(alphabet, length) {
  let state = 7;
  return Array.from({ length }, () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return alphabet[Math.floor((state / 2 ** 32) * alphabet.length)];
  }).join('');
}

const letters = 'abcdefghijklmnopqrstuvwxyz';
const prose = readFileSync(join(here, 'prose.txt'), 'utf8');
const chinese = readFileSync(join(here, 'chinese.txt'), 'utf8');
const samples = {
  prose: prose.split('\n\n'),
  'licence text': [readFileSync(join(root, 'LICENSE'), 'utf8')],
  code: filesIn('src', '.ts'),
  JSON: [readFileSync(join(root, 'package-lock.json'), 'utf8').slice(0, 100_000)],
  Chinese: chinese.split('\n\n'),
  Russian: ['Привет, как дела? Сегодня хорошая погода, мы пойдём гулять по набережной.'],
  emoji: ['😀🎉👨‍👩‍👧‍👦🇩🇪🚀✨💡🤖'.repeat(20)],
  'random letters': [randomText(letters, 4_000)],
  base64: [randomText(`${letters}${letters.toUpperCase()}0123456789+/`, 4_000)],
  hex: [randomText('0123456789abcdef', 4_000)],
};

const rows = Object.entries(samples).map(([sample, texts]) => {
  const counted = texts
    .filter((text) => text.trim() !== '')
    .map((text) => ({
      o200k: o200k(text).length,
      cl100k: cl100k(text).length,
      bound: textBound(text),
    }));
  const sum = (of) => counted.reduce((all, each) => all + each[of], 0);
  const ratios = counted.map(({ bound, o200k: real }) => bound / real);
  return {
    sample,
    texts: counted.length,
    'o200k tokens': sum('o200k'),
    bound: sum('bound'),
    'bound / o200k': (sum('bound') / sum('o200k')).toFixed(2),
    least: Math.min(...ratios).toFixed(2),
    most: Math.max(...ratios).toFixed(2),
    'bound / cl100k': (sum('bound') / sum('cl100k')).toFixed(2),
  };
});
console.table(rows);

const megabyte = prose.repeat(Math.ceil(1_000_000 / prose.length)).slice(0, 1_000_000);
for (let round = 0; round < 3; round++) textBound(megabyte);
const since = performance.now();
textBound(megabyte);
console.log(`1 MB of prose: ${(performance.now() - since).toFixed(1)} ms`);
