import { rename, rm } from 'node:fs/promises';
import type { Clock } from '../../../core/clock.ts';
import { download, type Fetch, PullError, type Resumed } from './download.ts';
import { keepPlace, placeOf } from './place.ts';
import { type Progress, progressMeter } from './progress.ts';
import { verify } from './verify.ts';

type Options = {
  readonly url: string;
  /** Where the finished file goes; it appears there whole or not at all. */
  readonly path: string;
  readonly bytes?: number | undefined;
  readonly sha256?: string | undefined;
  readonly onProgress: (progress: Progress) => void;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** How often a broken download is taken up again without a single new byte. */
  readonly attempts?: number;
  readonly pauseMs?: number;
  readonly fetch?: Fetch;
};

/**
 * Downloads a file: takes up where an earlier try broke off, checks size and SHA-256, and renames
 * at the end.
 *
 * @throws PullError with a sentence for the operator; the signal's reason when stopped, in which
 *   case what has come stays for the next try
 */
export async function pull(options: Options): Promise<{ bytes: number; sha256: string }> {
  const { url, path, bytes, sha256, onProgress, signal, clock } = options;
  const { attempts = 5, pauseMs = 1_000, fetch = globalThis.fetch } = options;
  const partPath = `${path}.part`;
  const meter = progressMeter({ clock, onProgress });
  let total: number | undefined;
  let place: Resumed = await placeOf(partPath, url);
  for (let fruitless = 0; ; ) {
    const before = place.bytes;
    const outcome = await download({ url, partPath, place, bytes, signal, fetch, meter }).catch(
      (error: unknown) => {
        if (signal.aborted) throw signal.reason;
        if (error instanceof PullError && error.isFinal) throw error;
        refuseDisk(error);
        return { error };
      },
    );
    if (typeof outcome !== 'object') {
      total = outcome;
      break;
    }
    place = await placeOf(partPath, url);
    fruitless = place.bytes > before ? 0 : fruitless + 1;
    if (fruitless >= attempts) throw outcome.error;
    await clock.sleep(pauseMs * 2 ** fruitless, signal);
  }
  const expected = { bytes: bytes ?? total, sha256 };
  const found = await verify(partPath, expected).catch(async (error: unknown) => {
    // Somebody who fetched the same file was quicker.
    if (isMissing(error)) return verify(path, expected);
    await forget(partPath);
    throw error;
  });
  await rename(partPath, path).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
  await forget(partPath);
  return found;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

const DISK_FAULTS: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full. Make room; the same command goes on from here.',
  EDQUOT: 'The disk quota is used up. Make room; the same command goes on from here.',
  EACCES: 'The folder may not be written to.',
  EPERM: 'The folder may not be written to.',
  EROFS: 'The folder is on a read-only disk.',
};

/** A disk that says no says so again. */
function refuseDisk(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = Object.hasOwn(DISK_FAULTS, code) ? DISK_FAULTS[code] : undefined;
  if (message) throw new PullError(message, { isFinal: true, cause: error });
}

async function forget(partPath: string): Promise<void> {
  await rm(partPath, { force: true });
  await keepPlace(partPath, undefined);
}
