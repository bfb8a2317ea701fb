// `npm run check`: format, lint, layer rules, types, dead code. The tools live in a package of their
// own beside this file, installed on first use, so that `npm ci` of the product stays small.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));

function run(command, args, cwd = root) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const tool = (name) => join(here, 'node_modules', '.bin', name);
const stamp = join(here, 'node_modules', '.package-lock.json');
if (!existsSync(stamp) || !existsSync(tool('biome'))) run('npm', ['ci', '--silent'], here);

if (process.argv[2] === 'format') {
  run(tool('biome'), ['check', '--write', '.']);
} else {
  run(tool('biome'), ['check', '--error-on-warnings', '.']);
  run(tool('tsc'), ['--noEmit', '--project', root]);
  run(tool('knip'), ['--directory', root]);
}
