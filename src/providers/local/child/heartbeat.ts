import { cpuUsage } from 'node:process';

/** Far oftener than the parent grows impatient. */
const BEAT_MS = 1_000;

/** Work that gets less of a CPU than a hundredth stands still. */
const LEAST_SHARE = 0.01;

/** What takes longer than this many beats never ends. */
const MOST_BEATS = 150;

/**
 * Says again and again that a long step goes on, as long as it takes CPU time: with a tenth of a
 * CPU a large model's step takes longer than a process may be silent.
 */
export async function whileWorking<T>(
  alive: () => void,
  work: () => Promise<T>,
  { cpuMs = ownCpuMs }: { cpuMs?: () => number } = {},
): Promise<T> {
  let before = cpuMs();
  let beats = 0;
  const timer = setInterval(() => {
    const now = cpuMs();
    beats += 1;
    if (now - before >= BEAT_MS * LEAST_SHARE && beats <= MOST_BEATS) alive();
    before = now;
  }, BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** The CPU time of this process, all threads together. */
export function ownCpuMs(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}
