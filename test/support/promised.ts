import { availableParallelism, loadavg } from 'node:os';

/** How much longer things may take when other programs fight for the cores: the model yields. */
const WHEN_BUSY = 20;

/** A promised time; far more room where the machine has more to do than it has cores. */
export function promised(ms: number): number {
  const [lastMinute = 0] = loadavg();
  return lastMinute > availableParallelism() ? ms * WHEN_BUSY : ms;
}
