import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const dist = join(import.meta.dirname, '../../dist');

/** The text of a built file and of all that it imports at once, by name. */
function startOf(file: string, seen = new Map<string, string>()): Map<string, string> {
  if (seen.has(file)) return seen;
  const text = readFileSync(join(dist, file), 'utf8');
  seen.set(file, text);
  for (const [, chunk = ''] of text.matchAll(/^import .*"\.\/(?:chunks\/)?([\w-]+\.js)";$/gm)) {
    startOf(join('chunks', chunk), seen);
  }
  return seen;
}

it.each(['main.js', 'cli.js', 'local-child.js'])(
  '%s has no character for which V8 would keep two bytes each',
  (file) => {
    const start = [...startOf(file)];
    const wide = start.filter(([, text]) => /[^\0-\xff]/.test(text));
    expect(wide.map(([name]) => name)).toEqual([]);
    expect(start.length).toBeGreaterThan(1);
  },
);

it.each(['main.js', 'local-child.js'])('%s imports no module of Node at its start', (file) => {
  const imported = [...startOf(file).values()].flatMap((text) =>
    [...text.matchAll(/^import .*"([^."]+)";$/gm)].map(([, id = '']) => id),
  );
  expect(imported.filter(isBuiltin)).toEqual([]);
});

it("the model's process loads none of the library's files, whose number makes a cold start slow", () => {
  const imported = [...startOf('local-child.js').values()].flatMap((text) =>
    [...text.matchAll(/\b(?:from|import|require)[ (]*["']([^."'\s][^"'\s]*)["']/g)].map(
      ([, id = '']) => id,
    ),
  );
  const native = /^(@node-llama-cpp\/[\w-]+|koffi|electron)$/;
  expect(imported.filter((id) => !isBuiltin(id) && !native.test(id))).toEqual([]);
  expect(imported.filter((id) => id.startsWith('@node-llama-cpp/'))).not.toEqual([]);
});
