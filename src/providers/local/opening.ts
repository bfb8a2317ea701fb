import { EMBEDDING_STEP, longestEmbedding } from './memory-need.ts';
import type { Usable } from './model-file.ts';
import type { LocalOptions } from './options.ts';
import type { LoadOrder } from './protocol.ts';
import { openSession, type Session } from './session.ts';
import { removeFolder, stateFolder } from './state-folder.ts';

/** About 1,500 tokens of a 135M model, or three recent chats. */
const STATE_CACHE_BYTES = 32 * 2 ** 20;
const WATCHDOG_MS = 30_000;

/** Weights of this type are copied into memory anyway, so that mapping them doubles them. */
const Q4_0 = 2;

/** With less of a CPU than this it is the load that a caller waits for. */
const ENOUGH_CPU = 0.25;

type Options = Pick<LocalOptions, 'childPath' | 'modelPath' | 'stateCacheBytes' | 'watchdogMs'> & {
  readonly threads: number;
  /** How much of a CPU there is; undefined: all of it. */
  readonly cpuQuota: number | undefined;
};

/**
 * Opens a session for a file that was inspected. The states of its chats lie in a folder that only
 * this user can read, and that goes with the session.
 */
export function openFor(options: Options, file: Usable): Session {
  const { contextSize, header, roomBytes } = file;
  const { stateCacheBytes = STATE_CACHE_BYTES, watchdogMs = WATCHDOG_MS } = options;
  const folder = stateCacheBytes > 0 ? stateFolder() : undefined;
  const order: LoadOrder = {
    kind: 'load',
    modelPath: options.modelPath,
    contextSize,
    embeddings: {
      mostTokens: longestEmbedding(header, contextSize, roomBytes),
      stepTokens: header.embedsWhole ? undefined : EMBEDDING_STEP,
    },
    threads: options.threads,
    mapped: isMapped(options.cpuQuota) && header.fileType !== Q4_0,
    stateFolder: folder,
    stateCacheBytes,
  };
  const session = openSession({ childPath: options.childPath, watchdogMs, order });
  if (folder) void session.gone.then(() => removeFolder(folder));
  return session;
}

/**
 * Whether a file is mapped, which takes no time, or read into memory of our own, where it is used
 * faster.
 *
 * @param cpuQuota how much of a CPU there is; undefined: all of it
 */
export function isMapped(cpuQuota: number | undefined): boolean {
  return cpuQuota !== undefined && cpuQuota < ENOUGH_CPU;
}
