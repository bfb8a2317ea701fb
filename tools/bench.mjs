// `npm run bench`: installs what the benchmarks measure beside keyturn, builds, and runs them.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installBeside } from './install-beside.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

installBeside(join(root, 'bench'));
run('npm', ['run', '--silent', 'build']);
run(process.execPath, [join(root, 'dist', 'bench.js')]);
