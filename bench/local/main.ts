// `npm run bench:local`: the local model on one thread, alone and over HTTP, with random-weight models
// of real shapes. Options after `--`: --llama-bench <program> and --llama-server <program> run
// llama.cpp's own beside it (bench/local/build-llama-cpp.sh builds them); --shape 135m-q8_0 takes one
// shape, --quota 0.1 gives every program that share of a CPU (cgroups and root are needed), --part
// engine or http takes one half, --rounds 3 is less exact, --models <folder> keeps the files.
// Results join docs/bench/local.json, so that a long run can be had in pieces.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Work } from './conversation.ts';
import { benchEngines, benchServers, type Case } from './measure.ts';
import { lines } from './page.ts';
import { keep, machine } from './results.ts';
import { modelOf, SHAPES } from './shapes.ts';

const { values: options } = parseArgs({
  options: {
    'llama-bench': { type: 'string' },
    'llama-server': { type: 'string' },
    shape: { type: 'string' },
    quota: { type: 'string' },
    part: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    models: { type: 'string' },
  },
});
const FULL: Work = { promptTokens: 500, answerTokens: 128 };
/** What a tenth of a CPU does in a bearable time. */
const SHORT: Work = { promptTokens: 120, answerTokens: 24 };

async function main(): Promise<void> {
  const folder = options.models
    ? resolve(options.models)
    : mkdtempSync(join(tmpdir(), 'keyturn-bench-local-'));
  try {
    const names = options.shape ? [options.shape] : Object.keys(SHAPES);
    for (const name of names) await benchShape(name, folder);
  } finally {
    if (!options.models) rmSync(folder, { recursive: true, force: true });
  }
}

async function benchShape(name: string, folder: string): Promise<void> {
  const shape = SHAPES[name];
  if (!shape) throw new Error(`--shape is one of ${Object.keys(SHAPES).join(', ')}`);
  const cpus = options.quota ? Number(options.quota) : undefined;
  const work = cpus === undefined || cpus >= 0.5 ? FULL : SHORT;
  const rounds = Number(options.rounds);
  const measured: Case = { model: modelOf(name, shape, folder), cpus, rounds, work };
  const programs = { bench: options['llama-bench'], server: options['llama-server'] };
  const title = cpus === undefined ? name : `${name} at ${cpus} CPU`;
  const parts = { engine: benchEngines, http: benchServers };
  for (const [part, bench] of Object.entries(parts)) {
    if (options.part && options.part !== part) continue;
    const rows = await bench(measured, programs);
    console.log(`${title}, ${part}`);
    console.table(lines(rows));
    keep(title, { machine: machine(), rounds, ...work, rows });
  }
}

await main();
