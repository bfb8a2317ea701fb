import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { home } from '../lib/peers.ts';
import type { Rows } from './measure.ts';
import { page } from './page.ts';

/** What one run of one case found. */
export type Found = {
  readonly machine: string;
  readonly rounds: number;
  readonly promptTokens: number;
  readonly answerTokens: number;
  readonly rows: Rows;
};

/** Everything that was found, by case, such as `135m-q8_0 at 0.1 CPU`. */
export type Results = Readonly<Record<string, Found>>;

const folder = join(home, 'docs', 'bench');
const file = join(folder, 'local.json');

/** The machine in words. */
export function machine(): string {
  return `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim()}`;
}

/** Adds what was found to docs/bench; rows of programs that weren't measured now stay. */
export function keep(name: string, found: Found): void {
  mkdirSync(folder, { recursive: true });
  // Our own file, written below.
  const before: Results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const rows = { ...before[name]?.rows, ...found.rows };
  const all = { ...before, [name]: { ...found, rows } };
  const sorted = Object.fromEntries(
    Object.entries(all).sort(([one], [other]) => (one < other ? -1 : 1)),
  );
  writeFileSync(file, `${JSON.stringify(sorted, null, 2)}\n`);
  writeFileSync(join(folder, 'local.md'), page(sorted));
}
