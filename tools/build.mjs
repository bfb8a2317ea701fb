// `npm run build`: bundles the server, the local model's child process, the command line and the
// pages into dist/. Native code stays outside (node-llama-cpp's binaries, koffi); everything else travels in the
// bundle, which starts in a third of the time that loading hundreds of files takes. The new build takes the place
// of the old one at its end, so that a server that runs from dist/ is never without its files.
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { lazyBuiltins } from './build/builtins.mjs';
import { engineBundled, NOT_BUNDLED } from './build/engine/bundled.mjs';
import { lean } from './build/lean.mjs';
import { buildPages } from './ui/build.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const next = join(root, `.dist-next-${process.pid}`);
const last = join(root, `.dist-last-${process.pid}`);

/** What ships, apart from what only developers run: neither shares a chunk with the other. */
const product = {
  main: 'src/main.ts',
  cli: 'src/cli/main.ts',
  'local-child': 'src/providers/local/child/main.ts',
};
const tools = {
  lab: 'tools/lab/main.ts',
  docs: 'tools/docs/main.ts',
  scorecard: 'tools/scorecard/main.ts',
  demo: 'tools/demo/main.ts',
  bench: 'bench/main.ts',
};

for (const { input, plugins } of [
  { input: product, plugins: [lean(), engineBundled(), lazyBuiltins()] },
  { input: tools, plugins: [] },
]) {
  await build({
    cwd: root,
    input,
    plugins,
    platform: 'node',
    external: [...NOT_BUNDLED, 'rolldown'],
    // depd, far down in koa, has an eval that is never reached here.
    checks: { eval: false },
    logLevel: 'warn',
    output: {
      dir: next,
      format: 'esm',
      sourcemap: true,
      // V8 keeps the text of what it runs: two bytes a character if a single one of them isn't Latin-1.
      charset: 'ascii',
      comments: false,
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
    },
  });
}
await buildPages({ to: join(next, 'ui'), last: join(dist, 'ui') });
await rename(dist, last).catch((error) => {
  if (error.code !== 'ENOENT') throw error;
});
await rename(next, dist);
await rm(last, { recursive: true, force: true });
