import { setTimeout as delay } from 'node:timers/promises';
import { collectDefaultMetrics, type Registry } from 'prom-client';

/** prom-client's own precision for the event loop's lag, and the time in which there surely is a sample. */
const PRECISION_MS = 10;
const FIRST_SAMPLE_MS = 3 * PRECISION_MS;

/**
 * Node's own metrics, watched from the first time that somebody wants them: to know the event loop's
 * lag the process wakes up a hundred times a second, which is a fifteenth of a tenth of a CPU.
 *
 * @returns what resolves when they can be read
 */
export function processMetrics(register: Registry): () => Promise<void> {
  let watched: Promise<void> | undefined;

  async function watch(): Promise<void> {
    collectDefaultMetrics({ register, eventLoopMonitoringPrecision: PRECISION_MS });
    await delay(FIRST_SAMPLE_MS);
  }

  return () => {
    watched ??= watch();
    return watched;
  };
}
