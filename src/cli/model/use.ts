import { readFile, writeFile } from 'node:fs/promises';
import { megabytes, roomBytes } from '../../doctor/room.ts';
import { CommandFailure, EXIT } from '../failure.ts';
import { fitOfFile } from './room.ts';
import type { ModelSettings } from './settings.ts';
import { fileOnShelf } from './shelf.ts';

/** `keyturn model use`: writes LOCAL_MODEL into `.env`, which the server reads outside production. */
export async function useModel(name: string, settings: ModelSettings): Promise<void> {
  await refuseDamaged(name, settings);
  const line = `LOCAL_MODEL=${name}`;
  if (process.env['NODE_ENV'] === 'production' || process.env['RENDER']) {
    process.stdout.write(`Set ${line} in the server's environment and start it again.\n`);
    return;
  }
  const before = await readFile('.env', 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return '';
  });
  await writeFile('.env', withLine(before, line), { mode: 0o600 });
  process.stdout.write(
    `.env says ${line} now. Start the server again.\n` +
      `On a host, pull the model in the build step and set ${line} in its environment.\n`,
  );
}

async function refuseDamaged(name: string, settings: ModelSettings): Promise<void> {
  const path = fileOnShelf(name);
  const room = roomBytes(settings.memoryLimitBytes);
  const found = await fitOfFile(path, settings.contextSize, room);
  if (!found) {
    throw new CommandFailure(
      EXIT.failed,
      `${name} is no usable model. keyturn model check ${name} says why.`,
    );
  }
  if (found.fit !== 'no') return;
  process.stderr.write(
    `keyturn: ${name} takes ${megabytes(found.needBytes)} MB of memory; there is room for ${megabytes(room)} MB here. It will not load.\n`,
  );
}

/** Puts the line in the place of the one that it follows; every other line stays as it is. */
function withLine(text: string, line: string): string {
  const lines = text.replace(/\n$/, '').split('\n');
  const at = lines.findIndex((each) => /^\s*(export\s+)?LOCAL_MODEL\s*=/.test(each));
  if (at >= 0) lines[at] = line;
  else if (text.trim() === '') return `${line}\n`;
  else lines.push(line);
  return `${lines.join('\n')}\n`;
}
