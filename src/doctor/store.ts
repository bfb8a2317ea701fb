import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { readKeyOnDisk } from '../keys/key-on-disk.ts';
import { type Finding, failure, fine, warning } from './finding.ts';

/** What is kept can be read, and written by this user only. */
export async function checkStore({ dataDir, keys }: Settings): Promise<Finding> {
  const folder = resolve(dataDir);
  try {
    const { mode } = await stat(folder);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    const { key } = await readKeyOnDisk({ dataDir, keys });
    if ((mode & 0o077) !== 0) {
      return warning(
        'store',
        `${folder} is open to other users`,
        `chmod 700 ${folder} (the server does so at its start, where it may).`,
      );
    }
    return fine('store', `${folder}${key ? ' holds the key of this week' : ''}`);
  } catch (error) {
    const failed = isMissing(error) ? await whyNotMade(folder) : error;
    if (!failed) return fine('store', `${folder} will be made at the first start`);
    return afterFailure(folder, failed, keys.seed !== undefined);
  }
}

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** What keeps a folder that isn't there from being made in the nearest one that is; undefined: nothing. */
async function whyNotMade(folder: string): Promise<unknown> {
  const parent = dirname(folder);
  try {
    await access(parent, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return isMissing(error) ? whyNotMade(parent) : error;
  }
}

const UNWRITABLE: ReadonlySet<unknown> = new Set(['EACCES', 'EROFS', 'EPERM', 'ENOTDIR']);

function afterFailure(folder: string, error: unknown, isDerived: boolean): Finding {
  const { code, message } = error as NodeJS.ErrnoException;
  if (UNWRITABLE.has(code)) {
    const found = `${folder} can't be written (${code})`;
    const mend = 'Give this user the folder, or set DATA_DIR to one that it may write.';
    return isDerived
      ? warning('store', `${found}; the key is derived and needs no disk`, mend)
      : failure('store', `${found}: a restart makes a new key`, mend);
  }
  return failure(
    'store',
    code ? `${folder}: ${code}` : message,
    'Move the file away; the server makes a new one (and a new key) at its next start.',
  );
}
