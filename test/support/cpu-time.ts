import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** What a process has worked so far (Linux): others who want the CPU too don't lengthen it. */
export function cpuMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const spent = threads.map((thread) => {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  });
  return spent.reduce((sum, nanoseconds) => sum + nanoseconds / 1e6, 0);
}

/** Waits until a process has worked for so long, which takes longer on a busy machine. */
export async function untilWorked(pid: number | undefined, ms: number): Promise<void> {
  if (process.platform !== 'linux' || pid === undefined) return pause(ms);
  const end = cpuMs(pid) + ms;
  while (cpuMs(pid) < end) await pause(2);
}
