import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PERIOD_US = 100_000;
let groups = 0;

/** A control group that a process and its later children live in. */
export type Quota = {
  /** Removes the group, once everybody in it has ended. */
  lift(): Promise<void>;
};

/**
 * Limits a process to a share of one CPU, through cgroup v1 or v2; undefined is no limit.
 *
 * @throws Error where the system doesn't let us: root and a writable /sys/fs/cgroup are needed
 */
export function limitCpu(pid: number, cpus: number | undefined): Quota {
  if (cpus === undefined) return { lift: async () => {} };
  const isFirst = existsSync('/sys/fs/cgroup/cpu/cpu.cfs_quota_us');
  const parent = isFirst ? '/sys/fs/cgroup/cpu' : '/sys/fs/cgroup';
  groups += 1;
  const group = join(parent, `keyturn-bench-${process.pid}-${groups}`);
  const quotaUs = Math.round(cpus * PERIOD_US);
  mkdirSync(group);
  if (isFirst) {
    writeFileSync(join(group, 'cpu.cfs_period_us'), String(PERIOD_US));
    writeFileSync(join(group, 'cpu.cfs_quota_us'), String(quotaUs));
  } else {
    writeFileSync(join(group, 'cpu.max'), `${quotaUs} ${PERIOD_US}`);
  }
  writeFileSync(join(group, 'cgroup.procs'), String(pid));
  return { lift: () => removed(group) };
}

/** A process that was killed stays in its group until the kernel has let go of it. */
async function removed(group: string): Promise<void> {
  for (;;) {
    try {
      rmdirSync(group);
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EBUSY')) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}
