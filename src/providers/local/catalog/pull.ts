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
  let place: Resumed = await placeOf(partPath, url);
  for (let fruitless = 0; ; ) {
    const before = place.bytes;
    const outcome = await download({ url, partPath, place, bytes, signal, fetch, meter }).catch(
      (error: unknown) => {
        if (signal.aborted) throw signal.reason;
        if (error instanceof PullError && error.isFinal) throw error;
        return error;
      },
    );
    if (!(outcome instanceof Error)) break;
    place = await placeOf(partPath, url);
    fruitless = place.bytes > before ? 0 : fruitless + 1;
    if (fruitless >= attempts) throw outcome;
    await clock.sleep(pauseMs * 2 ** fruitless, signal);
  }
  const found = await verify(partPath, { bytes, sha256 }).catch(async (error: unknown) => {
    await forget(partPath);
    throw error;
  });
  await rename(partPath, path);
  await forget(partPath);
  return found;
}

async function forget(partPath: string): Promise<void> {
  await rm(partPath, { force: true });
  await keepPlace(partPath, undefined);
}
