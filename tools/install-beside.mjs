// Installs a package that lies in a folder of its own (tools/check, test/ui, bench) on its first use
// and after each change of its lock file: `npm ci` of the product stays small.
//   node tools/install-beside.mjs test/ui
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Exits the process where npm fails. */
export function installBeside(folder) {
  const changedAt = (path) => statSync(join(folder, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const isInstalled =
    changedAt('node_modules/.package-lock.json') >= changedAt('package-lock.json');
  if (isInstalled) return;
  const { status } = spawnSync('npm', ['ci', '--silent'], { cwd: folder, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const folder of process.argv.slice(2)) installBeside(resolve(root, folder));
}
