// `node tools/run-ts.mjs <file.ts> [options]`: bundles a script that only developers run, beside the
// product in dist/, and runs it. What the script imports from test/ never comes near the product.
import { spawnSync } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [script = '', ...options] = process.argv.slice(2);
const file = join(root, 'dist', `${basename(dirname(script))}-script.js`);

await build({
  cwd: root,
  input: script,
  platform: 'node',
  external: ['node-llama-cpp', 'koffi'],
  logLevel: 'warn',
  output: { file, format: 'esm', sourcemap: true },
});
const { status } = spawnSync(process.execPath, ['--enable-source-maps', file, ...options], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
