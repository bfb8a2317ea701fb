import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PERIOD_US = 100_000;

/** A control group that a process and its later children live in. */
export type Quota = {
  /** Removes the group; everybody in it must have ended. */
  lift(): void;
};

/**
 * Limits a process to a share of one CPU, through cgroup v1 or v2.
 *
 * @throws Error where the system doesn't let us: root and a writable /sys/fs/cgroup are needed
 */
export function limitCpu(pid: number, cpus: number): Quota {
  const isFirst = existsSync('/sys/fs/cgroup/cpu/cpu.cfs_quota_us');
  const parent = isFirst ? '/sys/fs/cgroup/cpu' : '/sys/fs/cgroup';
  const group = join(parent, `keyturn-bench-${process.pid}`);
  const quotaUs = Math.round(cpus * PERIOD_US);
  mkdirSync(group);
  if (isFirst) {
    writeFileSync(join(group, 'cpu.cfs_period_us'), String(PERIOD_US));
    writeFileSync(join(group, 'cpu.cfs_quota_us'), String(quotaUs));
  } else {
    writeFileSync(join(group, 'cpu.max'), `${quotaUs} ${PERIOD_US}`);
  }
  writeFileSync(join(group, 'cgroup.procs'), String(pid));
  return { lift: () => rmdirSync(group) };
}
