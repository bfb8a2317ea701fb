// `npm run bench`: installs what the benchmarks measure beside keyturn, builds, and runs them.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bench = join(root, 'bench');

function run(command, args, cwd = root) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(join(bench, 'node_modules', '.package-lock.json')))
  run('npm', ['ci', '--silent'], bench);
run('npm', ['run', '--silent', 'build']);
run(process.execPath, [join(root, 'dist', 'bench.js')]);
