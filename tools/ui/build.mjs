// Builds the pages and leaves every file compressed beside itself. Nothing is built where the last
// build came from the very same files: `npm start` builds each time.
import { createHash } from 'node:crypto';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const STAMP = 'built-from';

/** Puts the pages into the folder `to`; `last` is where an earlier build may lie. */
export async function buildPages({ to, last }) {
  const digest = await digestOfSources();
  const before = await readFile(join(last, STAMP), 'utf8').catch(() => '');
  if (before === digest) return cp(last, to, { recursive: true });

  const { build } = await import('vite');
  await build({
    configFile: join(here, 'vite.config.mjs'),
    logLevel: 'warn',
    build: { outDir: to, emptyOutDir: true },
  });
  const names = await readdir(to, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  await Promise.all(files.map((entry) => compress(join(entry.parentPath, entry.name))));
  await writeFile(join(to, STAMP), digest);
}

async function digestOfSources() {
  const hash = createHash('sha256').update(await readFile(join(root, 'package-lock.json')));
  for (const folder of [join(root, 'src', 'ui'), here]) {
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile());
    const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
    for (const path of paths) hash.update(path.slice(root.length)).update(await readFile(path));
  }
  return hash.digest('hex');
}

async function compress(path) {
  const bytes = await readFile(path);
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  await Promise.all([
    promisify(brotliCompress)(bytes, { params: quality }).then((small) =>
      writeFile(`${path}.br`, small),
    ),
    promisify(gzip)(bytes, { level: 9 }).then((small) => writeFile(`${path}.gz`, small)),
  ]);
}
