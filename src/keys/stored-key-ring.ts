import type { Clock } from '../core/clock.ts';
import type { DocumentStore } from '../store/document.ts';
import { judge } from './judge.ts';
import type { IssuedKey, KeyRing, KeyRingEvents } from './key-ring.ts';
import { emptyKeyState, type KeyState, PAST_KEYS } from './key-state.ts';
import { hashOf, keyIdOf, randomKey } from './key-text.ts';
import { anchored, isDue, type KeyTimes, type Schedule, timesFrom } from './rotation.ts';

type Options = KeyRingEvents & {
  readonly store: DocumentStore<KeyState>;
  readonly clock: Clock;
  readonly schedule: Schedule;
};

type Change = (current: KeyState) => KeyState;

type HeldKey = KeyTimes & { readonly value: string };

/**
 * A ring whose keys are random and kept in the store. Where the store fails, the key lives on in
 * memory, and each look tries again to keep it.
 */
export async function storedKeyRing(options: Options): Promise<KeyRing> {
  const { store, clock, schedule, onTurned, onStoreError } = options;
  let state = (await store.read()) ?? emptyKeyState;
  let held: HeldKey | undefined;
  let storeError: string | undefined;
  let refreshing: Promise<HeldKey> | undefined;
  let changing: Promise<unknown> = Promise.resolve();

  /** One change after the other, so that none undoes another. */
  function apply(change: Change, reason: 'expired' | 'by hand'): Promise<HeldKey> {
    const mine = changing.then(() => applyNow(change, reason));
    changing = mine.catch(() => undefined);
    return mine;
  }

  /** Applies a change to what is kept; a state that could not be kept goes first. */
  async function applyNow(change: Change, reason: 'expired' | 'by hand'): Promise<HeldKey> {
    const before = state.key?.value;
    const unkept = storeError === undefined ? undefined : state;
    try {
      state = await store.update((current) => change(unkept ?? current ?? emptyKeyState));
      storeError = undefined;
    } catch (error) {
      state = change(state);
      storeError = error instanceof Error ? error.message : String(error);
      onStoreError?.(error);
    }
    held = heldKey(state);
    if (held.value !== before) {
      onTurned?.(keyIdOf(held.value), before === undefined ? 'first' : reason);
    }
    return held;
  }

  /** Whoever comes while the key is looked at waits for the same look. */
  function refresh(): Promise<HeldKey> {
    const look = (current: KeyState) => refreshed(current, clock.now(), schedule);
    refreshing ??= apply(look, 'expired').finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  }

  /** The valid key, where it needs no look into the store. */
  function atHand(): HeldKey | undefined {
    const now = clock.now();
    return !held || isDue(held, now) || held.createdAt > now ? undefined : held;
  }

  async function fresh(): Promise<HeldKey> {
    return atHand() ?? refresh();
  }

  return {
    current: async () => issued(await fresh(), clock.now()),
    check: (presented) => {
      const key = atHand();
      if (key) return judge(presented, key, state.past);
      return refresh().then((turned) => judge(presented, turned, state.past));
    },
    look: async () => {
      const failedBefore = storeError !== undefined;
      await fresh();
      if (failedBefore && storeError !== undefined) await apply((current) => current, 'expired');
    },
    rotate: async () => {
      const turn = (current: KeyState) => turned(current, clock.now(), schedule);
      const key = await apply(turn, 'by hand');
      const warning =
        storeError &&
        `The new key could not be kept (${storeError}): after a restart the old one would be valid again. Mend the store and turn the key once more.`;
      return { ...issued(key, clock.now()), warning };
    },
    state: () => {
      const { value, createdAt, expiresAt } = held ?? heldKey(state);
      return { mode: 'stored', keyId: keyIdOf(value), createdAt, expiresAt, storeError };
    },
  };
}

/** The state after a look at the clock; the very same state when there is nothing to do. */
function refreshed(current: KeyState, now: number, schedule: Schedule): KeyState {
  if (!current.key) return turned(current, now, schedule);
  const held = heldKey(current);
  const times = anchored(held, now, schedule);
  if (isDue(times, now)) return turned(current, now, schedule);
  return times === held ? current : { ...current, key: keptKey(held.value, times) };
}

function turned(current: KeyState, now: number, schedule: Schedule): KeyState {
  const old = current.key && { hash: hashOf(current.key.value).toString('hex'), turned_at: now };
  return {
    ...current,
    key: keptKey(randomKey(), timesFrom(now, schedule)),
    past: (old ? [old, ...current.past] : current.past).slice(0, PAST_KEYS),
  };
}

function keptKey(value: string, { createdAt, expiresAt }: KeyTimes) {
  return { value, created_at: createdAt, expires_at: expiresAt };
}

function heldKey({ key }: KeyState): HeldKey {
  if (!key) throw new Error('the key ring was asked before its first look');
  return { value: key.value, createdAt: key.created_at, expiresAt: key.expires_at };
}

function issued({ value, createdAt, expiresAt }: HeldKey, now: number): IssuedKey {
  const secondsLeft = Math.max(0, Math.floor((expiresAt - now) / 1000));
  return { key: value, keyId: keyIdOf(value), createdAt, expiresAt, secondsLeft };
}
