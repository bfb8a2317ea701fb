import cron from 'node-cron';
import type { KeyRing } from './key-ring.ts';

type Options = {
  readonly ring: KeyRing;
  /** `ROTATION_CRON`: looked at then as well, besides every full hour. */
  readonly cron?: string | undefined;
  readonly onError: (error: unknown) => void;
};

/**
 * Looks at the key by node-cron: every full hour, and every minute while the store fails, since a key
 * that could not be kept is lost with the process. Returns how to stop.
 */
export function watchKey({ ring, cron: pattern, onError }: Options): () => void {
  const look = () => ring.look().catch(onError);
  const keep = () => (ring.state().storeError === undefined ? undefined : look());
  const patterns = ['0 * * * *', ...(pattern ? [pattern] : [])];
  const tasks = patterns.map((each) => cron.schedule(each, look, { timezone: 'UTC' }));
  tasks.push(cron.schedule('1-59 * * * *', keep, { timezone: 'UTC' }));
  return () => {
    for (const task of tasks) void task.destroy();
  };
}
