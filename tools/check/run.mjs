// `npm run check`: compiled WebAssembly, format, lint, layer rules, types, dead code. The tools live in a package of their
// own beside this file, installed on first use, so that `npm ci` of the product stays small.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installBeside } from '../install-beside.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const tool = (name) => join(here, 'node_modules', '.bin', name);
installBeside(here);
// The browser tests are checked as well, and their types come with their tools.
installBeside(join(root, 'test', 'ui'));

const wasm = join(here, 'wasm.mjs');
if (process.argv[2] === 'format') {
  run(process.execPath, [wasm, 'write']);
  run(tool('biome'), ['check', '--write', '.']);
} else {
  run(process.execPath, [wasm]);
  run(tool('biome'), ['check', '--error-on-warnings', '.']);
  for (const part of ['.', 'src/ui', 'test/ui']) {
    run(tool('tsc'), ['--noEmit', '--project', join(root, part)]);
  }
  run(tool('knip'), ['--directory', root]);
}
