import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';

/** What this process may use, as its control groups and the machine say. */
export type Limits = {
  readonly memoryBytes: number;
  /** Undefined where no quota is set. */
  readonly cpuQuota: number | undefined;
  readonly cores: number;
};

/** Reads a small file; undefined where there is none. */
export type ReadText = (path: string) => string | undefined;

/**
 * Reads the limits from cgroup v2, else v1, else the host. A group's limits hold for all groups
 * within it, so the tightest on the way up counts.
 */
export function readLimits({ read = readText }: { read?: ReadText } = {}): Limits {
  const groups = groupsOf(read('/proc/self/cgroup') ?? '');
  const memory = [
    ...upwards('/sys/fs/cgroup', groups.unified).map((folder) => read(join(folder, 'memory.max'))),
    ...upwards('/sys/fs/cgroup/memory', groups.memory).map((folder) =>
      read(join(folder, 'memory.limit_in_bytes')),
    ),
  ];
  const quotas = [
    ...upwards('/sys/fs/cgroup', groups.unified).map((folder) =>
      quotaOf(read(join(folder, 'cpu.max'))),
    ),
    ...upwards('/sys/fs/cgroup/cpu', groups.cpu).map((folder) =>
      quotaOf(
        `${read(join(folder, 'cpu.cfs_quota_us')) ?? ''} ` +
          `${read(join(folder, 'cpu.cfs_period_us')) ?? ''}`,
      ),
    ),
  ].filter((quota) => quota !== undefined);
  return {
    memoryBytes: Math.min(totalmem(), ...memory.map(Number).filter((bytes) => bytes > 0)),
    cpuQuota: quotas.length > 0 ? Math.min(...quotas) : undefined,
    cores: availableParallelism(),
  };
}

/**
 * How many threads the model gets: whole cores of the quota; on a machine without one, a core is
 * left to everybody else. More threads than that wait for each other, spinning.
 */
export function threadCount({ cpuQuota, cores }: Pick<Limits, 'cpuQuota' | 'cores'>): number {
  const share = cpuQuota === undefined ? cores - 1 : Math.min(cores, Math.floor(cpuQuota));
  return Math.max(1, share);
}

type Groups = { readonly unified: string; readonly memory: string; readonly cpu: string };

/** The lines of `/proc/self/cgroup`: `0::/path` in v2, `5:cpu,cpuacct:/path` in v1. */
function groupsOf(text: string): Groups {
  const groups = { unified: '/', memory: '/', cpu: '/' };
  for (const line of text.split('\n')) {
    const match = /^\d+:([^:]*):(.+)$/.exec(line);
    if (!match) continue;
    const [, controllers = '', path = '/'] = match;
    if (controllers === '') groups.unified = path;
    if (controllers.split(',').includes('memory')) groups.memory = path;
    if (controllers.split(',').includes('cpu')) groups.cpu = path;
  }
  return groups;
}

/** The folders from a group up to the root; inside a container the path may not exist. */
function upwards(root: string, path: string): string[] {
  const folders = [join(root, path)];
  for (let at = path; at !== dirname(at); at = dirname(at)) folders.push(join(root, dirname(at)));
  return folders;
}

/** `50000 100000` is half a core; `max 100000` and `-1 100000` are no quota. */
function quotaOf(text: string | undefined): number | undefined {
  const [quota = Number.NaN, period = Number.NaN] = (text ?? '').trim().split(/\s+/).map(Number);
  return quota > 0 && period > 0 ? quota / period : undefined;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
