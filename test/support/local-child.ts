import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { engineBundled, NOT_BUNDLED } from '../../tools/build/engine/bundled.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Bundles the model's child process as the build does, and returns its path. It lies below
 * node_modules, so that the engine's package is found from there.
 *
 * @param missing a package that it won't find, as where none was installed
 */
export async function builtChild(
  name: string,
  { missing }: { missing?: string } = {},
): Promise<string> {
  const folder = `${root}node_modules/.cache/keyturn/${name}`;
  mkdirSync(folder, { recursive: true });
  await build({
    input: `${root}src/providers/local/child/main.ts`,
    platform: 'node',
    external: [/^node:/, ...NOT_BUNDLED],
    plugins: [
      {
        name: 'missing',
        resolveId: (id) => (id === missing ? { id: `${id}-is-missing`, external: true } : null),
      },
      engineBundled(),
    ],
    output: { file: `${folder}/local-child.js`, format: 'esm' },
    logLevel: 'silent',
  });
  return `${folder}/local-child.js`;
}
