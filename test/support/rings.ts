import type { KeyRingEvents } from '../../src/keys/key-ring.ts';
import type { KeyState } from '../../src/keys/key-state.ts';
import { openKeyRing } from '../../src/keys/open-key-ring.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { fakeClock, WEEK } from './fake-clock.ts';

type Options = Partial<Parameters<typeof openKeyRing>[0]> & KeyRingEvents;

export const SEED = 'a seed of the tests, long enough';

/** A ring of random keys that turn every week, in memory. */
export function storedRing(options: Options = {}) {
  return openKeyRing({
    store: memoryStore<KeyState>(),
    clock: fakeClock(),
    periodMs: WEEK,
    generation: 0,
    ...options,
  });
}

/** The same, of keys derived from `SEED`. */
export function derivedRing(options: Options = {}) {
  return storedRing({ seed: SEED, ...options });
}
