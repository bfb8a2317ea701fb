import type { Clock } from '../core/clock.ts';
import type { DocumentStore } from '../store/document.ts';
import { judge } from './judge.ts';
import type { IssuedKey, KeyRing, KeyRingEvents } from './key-ring.ts';
import { emptyKeyState, type KeyState, PAST_KEYS, type PastKey } from './key-state.ts';
import { derivedKey, hashOf, keyIdOf } from './key-text.ts';
import { type KeyTimes, type Schedule, weekAt, weekStart } from './rotation.ts';

type Options = KeyRingEvents & {
  readonly seed: string;
  /** `KEY_GENERATION`: the store may know a later one, from a turn by hand. */
  readonly generation: number;
  readonly store: DocumentStore<KeyState>;
  readonly clock: Clock;
  readonly schedule: Schedule;
};

type WeekKey = KeyTimes & {
  readonly week: number;
  readonly generation: number;
  readonly value: string;
  readonly past: readonly PastKey[];
};

/**
 * A ring whose key is computed from the seed and the week. It needs no store; where there is one, it
 * remembers turns by hand. While it runs, its time never goes back, so an expired key stays so.
 */
export async function derivedKeyRing(options: Options): Promise<KeyRing> {
  const { seed, store, clock, schedule, onTurned, onStoreError } = options;
  const kept = await withoutStoredKey(options);
  let generation = Math.max(options.generation, kept.generation ?? 0);
  let generationSince: number | undefined;
  let latest = Number.NEGATIVE_INFINITY;
  let held: WeekKey | undefined;
  let storeError: string | undefined;

  function fresh(): WeekKey {
    latest = Math.max(latest, clock.now());
    if (held && held.generation === generation && latest < held.expiresAt) return held;
    const reason = !held ? 'first' : held.generation === generation ? 'expired' : 'by hand';
    held = keyAt(latest);
    onTurned?.(keyIdOf(held.value), reason);
    return held;
  }

  function keyAt(now: number): WeekKey {
    const { week, createdAt, expiresAt } = weekAt(now, schedule);
    const since = Math.max(createdAt, generationSince ?? createdAt);
    const value = derivedKey(seed, week, generation);
    const past = [...earlierKeys(week, since), ...kept.past];
    return { week, generation, value, createdAt: since, expiresAt, past };
  }

  /** Nobody notes which generation an earlier week ended with, so all that it may have had count. */
  function earlierKeys(week: number, since: number): PastKey[] {
    const steps = Array.from({ length: PAST_KEYS + 1 }, (_, index) => index);
    const generations = steps.map((back) => generation - back).filter((each) => each >= 0);
    return steps.flatMap((back) => {
      const turned_at = back === 0 ? since : weekStart(week - back + 1, schedule);
      return generations
        .filter((each) => back > 0 || each !== generation)
        .map((each) => ({
          hash: hashOf(derivedKey(seed, week - back, each)).toString('hex'),
          turned_at,
        }));
    });
  }

  async function remember(): Promise<void> {
    try {
      await store.update((current) => ({ ...(current ?? emptyKeyState), generation }));
      storeError = undefined;
    } catch (error) {
      storeError = error instanceof Error ? error.message : String(error);
      onStoreError?.(error);
    }
  }

  return {
    current: async () => issued(fresh(), latest),
    check: (presented) => {
      const key = fresh();
      return judge(presented, key, key.past);
    },
    look: async () => {
      fresh();
      if (storeError !== undefined) await remember();
    },
    rotate: async () => {
      generation += 1;
      generationSince = Math.max(latest, clock.now());
      const key = fresh();
      await remember();
      const warning = `This key is derived from KEY_SEED. Set KEY_GENERATION=${generation} in the settings of every instance now: without it the old key is valid again after a restart that loses the disk.`;
      return { ...issued(key, latest), warning };
    },
    state: () => {
      const { value, createdAt, expiresAt } = fresh();
      return { mode: 'derived', keyId: keyIdOf(value), createdAt, expiresAt, storeError };
    },
  };
}

/** A key from an earlier life in stored mode counts as turned now. */
async function withoutStoredKey({ store, clock, onStoreError }: Options): Promise<KeyState> {
  const kept = (await store.read()) ?? emptyKeyState;
  const { key, ...rest } = kept;
  if (!key) return kept;
  const old = { hash: hashOf(key.value).toString('hex'), turned_at: clock.now() };
  const next = { ...rest, past: [old, ...kept.past].slice(0, PAST_KEYS) };
  await store.update(() => next).catch((error) => onStoreError?.(error));
  return next;
}

function issued({ value, createdAt, expiresAt }: WeekKey, now: number): IssuedKey {
  const secondsLeft = Math.max(0, Math.floor((expiresAt - now) / 1000));
  return { key: value, keyId: keyIdOf(value), createdAt, expiresAt, secondsLeft };
}
