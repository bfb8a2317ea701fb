import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { wrongUsage } from '../failure.ts';
import { EMBEDDED, fileOf, fileOnShelf } from './shelf.ts';

type Options = { readonly usedPath: string; readonly isForced: boolean };

/** `keyturn model remove`: deletes a model's file, and what a broken download of it left. */
export async function removeModel(asked: string, { usedPath, isForced }: Options): Promise<void> {
  const name = asked.replace(/\.gguf$/, '');
  if (name === EMBEDDED) throw wrongUsage(`${EMBEDDED} is part of keyturn and stays.`);
  if (fileOf(name) === usedPath && !isForced) {
    throw wrongUsage(
      `${name} is in use. First: keyturn model use ${EMBEDDED} (or --force, and nothing local answers)`,
    );
  }
  const part = `${fileOf(name)}.part`;
  const file = existsSync(part) ? fileOf(name) : fileOnShelf(name);
  for (const path of [file, part, `${part}.json`]) await rm(path, { force: true });
  process.stdout.write(`${name} is gone.\n`);
}
