import { readFile, rm, writeFile } from 'node:fs/promises';
import { wrongUsage } from '../failure.ts';
import { EMBEDDED, fileOnShelf } from './shelf.ts';

/** `keyturn model use`: writes LOCAL_MODEL into `.env`, which the server reads outside production. */
export async function useModel(name: string): Promise<void> {
  fileOnShelf(name);
  const line = `LOCAL_MODEL=${name}`;
  if (process.env['NODE_ENV'] === 'production' || process.env['RENDER']) {
    process.stdout.write(`Set ${line} in the server's environment and start it again.\n`);
    return;
  }
  const before = await readFile('.env', 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return '';
  });
  const others = before.split('\n').filter((each) => each && !each.startsWith('LOCAL_MODEL='));
  await writeFile('.env', `${[...others, line].join('\n')}\n`, { mode: 0o600 });
  process.stdout.write(`.env says ${line} now. Start the server again.\n`);
}

/** `keyturn model remove`: deletes a model's file. */
export async function removeModel(name: string, used: string): Promise<void> {
  if (name === EMBEDDED) throw wrongUsage(`${EMBEDDED} is part of keyturn and stays.`);
  if (name === used) throw wrongUsage(`${name} is in use. First: keyturn model use ${EMBEDDED}`);
  await rm(fileOnShelf(name));
  process.stdout.write(`${name} is gone.\n`);
}
