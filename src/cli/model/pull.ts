import { existsSync } from 'node:fs';
import { systemClock as clock } from '../../core/clock.ts';
import { megabytes, roomBytes } from '../../doctor/room.ts';
import { findModel, type Wanted } from '../../providers/local/catalog/catalog.ts';
import type { Progress } from '../../providers/local/catalog/progress.ts';
import { pull } from '../../providers/local/catalog/pull.ts';
import { leastNeed, modelThatFits } from '../../providers/local/memory-need.ts';
import { CommandFailure, EXIT, wrongUsage } from '../failure.ts';
import { progressBar } from './progress-bar.ts';
import { fitOf, fitOfFile } from './room.ts';
import type { ModelSettings } from './settings.ts';
import { catalog, fileOf } from './shelf.ts';

/** What the operator knows about the file; counts for more than the catalogue. */
export type Expected = { readonly bytes?: number; readonly sha256?: string };

/** `keyturn model pull`: downloads a model; what broke off is taken up again. */
export async function pullModel(
  asked: string,
  expected: Expected,
  settings: ModelSettings,
): Promise<void> {
  const wanted = wantedModel(asked, expected);
  const path = fileOf(wanted.name);
  if (existsSync(path)) {
    process.stdout.write(`${wanted.name} is there already.\n`);
    return;
  }
  const room = roomBytes(settings.memoryLimitBytes);
  const need = wanted.memoryMegabytes && wanted.memoryMegabytes * 2 ** 20;
  if (need) warnOfMemory(wanted.name, need, room);
  const found = await downloaded(wanted, path, (totalBytes) => {
    if (!need) warnOfMemory(wanted.name, leastNeed(totalBytes), room);
  });
  process.stdout.write(`${wanted.name}: ${found.bytes} bytes, SHA-256 ${found.sha256}\n`);
  const file = await fitOfFile(path, settings.contextSize, room);
  if (file) {
    process.stdout.write(
      `It takes ${megabytes(file.needBytes)} MB of memory; there is room for ${megabytes(room)} MB.\n`,
    );
  }
  process.stdout.write(`Use it: keyturn model use ${wanted.name}\n`);
}

function wantedModel(asked: string, expected: Expected): Wanted {
  const wanted = findModel(catalog(), asked);
  if (wanted?.name) return { ...wanted, ...expected };
  throw wrongUsage(
    `${asked} is neither in the list (keyturn model list), nor hf:owner/repository/file.gguf, nor an https address of a .gguf file.`,
  );
}

/** @throws CommandFailure when it was stopped with Ctrl-C */
async function downloaded(
  { url, bytes, sha256 }: Wanted,
  path: string,
  onSize: (totalBytes: number) => void,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  // undici takes its time to load: only who downloads pays for it.
  const { proxiedFetch } = await import('./proxied-fetch.ts');
  const { fetch, close } = proxiedFetch();
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  const bar = progressBar(process.stderr);
  let isSizeKnown = false;
  const onProgress = (progress: Progress): void => {
    const { totalBytes } = progress;
    if (!isSizeKnown && totalBytes !== undefined) onSize(totalBytes);
    isSizeKnown = true;
    bar.show(progress);
  };
  const { signal } = controller;
  try {
    return await pull({
      url,
      path,
      bytes,
      sha256,
      clock,
      signal,
      onProgress,
      fetch,
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new CommandFailure(EXIT.interrupted, 'Stopped. The same command goes on from here.');
  } finally {
    bar.end();
    await close();
  }
}

function warnOfMemory(name: string, needBytes: number, room: number): void {
  const fit = fitOf(needBytes, room);
  if (fit === 'yes') return;
  const figures = `${name} takes about ${megabytes(needBytes)} MB of memory; there is room for ${megabytes(room)} MB here`;
  const advice =
    fit === 'tight'
      ? 'It will load with a smaller context only.'
      : `It will not load. One that fits: ${modelThatFits(room)}.`;
  process.stderr.write(`keyturn: ${figures}. ${advice}\n`);
}
