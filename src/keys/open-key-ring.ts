import type { Clock } from '../core/clock.ts';
import type { DocumentStore } from '../store/document.ts';
import { derivedKeyRing } from './derived-key-ring.ts';
import type { KeyRing, KeyRingEvents } from './key-ring.ts';
import type { KeyState } from './key-state.ts';
import { storedKeyRing } from './stored-key-ring.ts';

type Options = KeyRingEvents & {
  readonly store: DocumentStore<KeyState>;
  readonly clock: Clock;
  readonly periodMs: number;
  readonly cron?: string | undefined;
  /** Given: the key is derived from it; else it is random and stored. */
  readonly seed?: string | undefined;
  readonly generation: number;
};

/** Opens the ring in the mode that the settings ask for, with a valid key in it. */
export async function openKeyRing(options: Options): Promise<KeyRing> {
  const { periodMs, cron, seed, generation } = options;
  const common = { ...options, schedule: { periodMs, cron } };
  const ring = seed
    ? await derivedKeyRing({ ...common, seed, generation })
    : await storedKeyRing(common);
  await ring.look();
  return ring;
}
