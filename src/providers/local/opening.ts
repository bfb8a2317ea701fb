import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Usable } from './model-file.ts';
import type { LocalOptions } from './options.ts';
import type { LoadOrder } from './protocol.ts';
import { openSession, type Session } from './session.ts';

/** About 1,500 tokens of a 135M model, or three recent chats. */
const STATE_CACHE_BYTES = 32 * 2 ** 20;
const WATCHDOG_MS = 30_000;

/** Weights of this type are copied into memory anyway, so that mapping them doubles them. */
const Q4_0 = 2;

type Options = Pick<LocalOptions, 'childPath' | 'modelPath' | 'stateCacheBytes' | 'watchdogMs'> & {
  readonly threads: number;
  /** How much of a CPU there is; undefined: all of it. */
  readonly cpuQuota: number | undefined;
};

/**
 * Opens a session for a file that was inspected. The states of its chats lie in a folder that only
 * this user can read, and that goes with the session.
 */
export function openFor(options: Options, { contextSize, header }: Usable): Session {
  const { stateCacheBytes = STATE_CACHE_BYTES, watchdogMs = WATCHDOG_MS } = options;
  const stateFolder = stateCacheBytes > 0 ? temporaryFolder() : undefined;
  const order: LoadOrder = {
    kind: 'load',
    modelPath: options.modelPath,
    contextSize,
    threads: options.threads,
    // Where the CPU is scarce, it is the load that a caller waits for: a file is mapped in no time.
    mapped: options.cpuQuota !== undefined && options.cpuQuota < 1 && header.fileType !== Q4_0,
    stateFolder,
    stateCacheBytes,
  };
  const session = openSession({ childPath: options.childPath, watchdogMs, order });
  if (stateFolder)
    void session.gone.then(() => rmSync(stateFolder, { recursive: true, force: true }));
  return session;
}

/** Where no folder can be made, chats are evaluated anew: slower, and nothing else. */
function temporaryFolder(): string | undefined {
  try {
    return mkdtempSync(join(tmpdir(), 'keyturn-'));
  } catch {
    return undefined;
  }
}
