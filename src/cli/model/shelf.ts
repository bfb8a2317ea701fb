import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type CatalogEntry, readCatalog } from '../../providers/local/catalog/catalog.ts';
import { wrongUsage } from '../failure.ts';
import { homeFolder } from '../home.ts';

/** The embedded model: always there, never removed. */
export const EMBEDDED = 'lifeboat';

/** Where the models' files are. */
export function modelsFolder(): string {
  return join(homeFolder(), 'models');
}

/** Models that are known to work. */
export function catalog(): readonly CatalogEntry[] {
  return readCatalog();
}

/** The file of a model that was pulled, by its name. */
export function fileOf(name: string): string {
  if (!/^[a-z0-9][a-z0-9._-]*$/i.test(name)) throw wrongUsage(`${name} is no name of a model.`);
  return join(modelsFolder(), `${name.replace(/\.gguf$/, '')}.gguf`);
}

/**
 * The same, for a model that must be there.
 *
 * @throws CommandFailure that says how to get it.
 */
export function fileOnShelf(name: string): string {
  const file = fileOf(name);
  if (existsSync(file)) return file;
  const mend = catalog().some((known) => known.name === name)
    ? `Get it: keyturn model pull ${name}`
    : 'keyturn model list shows what is, and what can be pulled.';
  throw wrongUsage(`${name} is not there. ${mend}`);
}

/** A model that is there. */
export type OnShelf = { readonly name: string; readonly path: string; readonly bytes: number };

/** Models that are there, with their size in bytes. */
export function onShelf(): readonly OnShelf[] {
  return readdirSync(modelsFolder())
    .filter((file) => file.endsWith('.gguf'))
    .map((file) => {
      const path = join(modelsFolder(), file);
      return { name: file.slice(0, -'.gguf'.length), path, bytes: statSync(path).size };
    });
}

/** A file beside the shelf as if it stood there, under its whole path; nothing where none is to be seen. */
export function elsewhere(path: string): readonly OnShelf[] {
  return existsSync(path) ? [{ name: path, path, bytes: statSync(path).size }] : [];
}
