import { existsSync } from 'node:fs';
import { systemClock as clock } from '../../core/clock.ts';
import { findModel } from '../../providers/local/catalog/catalog.ts';
import type { Progress } from '../../providers/local/catalog/progress.ts';
import { pull } from '../../providers/local/catalog/pull.ts';
import { readLimits } from '../../providers/local/cgroup.ts';
import { CommandFailure, EXIT, wrongUsage } from '../failure.ts';
import { timeSpan } from '../table.ts';
import { catalog, fileOf } from './shelf.ts';

/** `keyturn model pull`: downloads a model; what broke off is taken up again. */
export async function pullModel(asked: string): Promise<void> {
  const wanted = findModel(catalog(), asked);
  if (!wanted) {
    throw wrongUsage(
      `${asked} is neither in the list (keyturn model list), nor hf:owner/repository/file.gguf, nor an https address of a .gguf file.`,
    );
  }
  const path = fileOf(wanted.name);
  if (existsSync(path)) {
    process.stdout.write(`${wanted.name} is there already.\n`);
    return;
  }
  warnOfMemory(wanted.name, wanted.memoryMegabytes);
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  try {
    const { bytes, sha256 } = await pull({
      ...{ url: wanted.url, path, bytes: wanted.bytes, sha256: wanted.sha256, clock },
      signal: controller.signal,
      onProgress: showProgress,
    });
    if (process.stderr.isTTY) process.stderr.write('\n');
    process.stdout.write(`${wanted.name}: ${bytes} bytes, SHA-256 ${sha256}\n`);
    process.stdout.write(`Use it: keyturn model use ${wanted.name}\n`);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    throw new CommandFailure(EXIT.interrupted, 'Stopped. The same command goes on from here.');
  }
}

function warnOfMemory(name: string, megabytes: number | undefined): void {
  const most = readLimits().memoryBytes / 2 ** 20;
  if (megabytes === undefined || megabytes <= most) return;
  process.stderr.write(
    `keyturn: ${name} takes about ${megabytes} MB of memory; here are ${Math.round(most)} MB. It will not load.\n`,
  );
}

const WIDTH = 30;

/** A bar on a terminal; nothing elsewhere. */
function showProgress({ doneBytes, totalBytes, bytesPerSecond, leftMs }: Progress): void {
  if (!process.stderr.isTTY) return;
  const share = totalBytes ? doneBytes / totalBytes : 0;
  const filled = Math.round(share * WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
  const left = leftMs === undefined ? '' : ` ${timeSpan(leftMs / 1000)} left`;
  const speed = `${(bytesPerSecond / 1e6).toFixed(1)} MB/s`;
  process.stderr.write(`\r${bar} ${Math.round(share * 100)} % ${speed}${left}\u001b[K`);
}
