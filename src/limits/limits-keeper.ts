import type { Clock } from '../core/clock.ts';
import type { BootTime } from './boot-time.ts';
import { type Claim, isDigest, keepModel } from './kept-models.ts';
import type { ModelState } from './key-limiter.ts';
import type { LimitsState } from './limits-state.ts';
import type { ModelWindows } from './model-windows.ts';

/** A document that outlives the process, as the store offers it. */
export type KeptDocument<T> = {
  read(): Promise<T | undefined>;
  update(change: (current: T | undefined) => T): Promise<T>;
};

type Options = {
  readonly store: KeptDocument<LimitsState> | undefined;
  readonly keys: ReadonlyMap<string, ReadonlyMap<string, ModelState>>;
  readonly clock: Clock;
  readonly boot: () => BootTime | undefined;
  readonly onStoreError: (error: unknown) => void;
};

/** Changes are kept this long after the first of them, in one write. */
const DELAY_MS = 750;

/**
 * Keeps the windows ahead of what is sent: each write also claims a little for the calls to come,
 * and a call that would go beyond the claim waits for the next write. So a process that is killed at
 * any moment leaves a count behind that is never too low, and hardly too high.
 */
export function limitsKeeper({ store, keys, clock, boot, onStoreError }: Options) {
  /** What the kept document covers of a model's calls, claim included. */
  const covered = new WeakMap<ModelWindows, Claim>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<boolean> | undefined;
  let isFailing = false;

  /** True when it was kept. */
  async function write(claimOf: (windows: ModelWindows) => Claim): Promise<boolean> {
    if (!store) return false;
    const snapshot: [ModelWindows, Claim][] = [];
    try {
      await store.update(() => {
        clearTimeout(timer);
        timer = undefined;
        const now = clock.elapsed();
        const models = [...keys].flatMap(([key, states]) =>
          [...states].flatMap(([model, state]) => {
            const { windows } = state;
            // What limits a model whose name isn't known has, nobody knows either.
            if (!isLimited(windows) && !isDigest(model)) return [];
            const claim = claimOf(windows);
            snapshot.push([windows, sum(reservedIn(windows), claim)]);
            return [keepModel(key, model, state, claim, now)];
          }),
        );
        const at = boot();
        return { version: 1, saved_at: clock.now(), ...(at ? { boot: at } : {}), models };
      });
      for (const [windows, claim] of snapshot) covered.set(windows, claim);
      isFailing = false;
      return true;
    } catch (error) {
      if (!isFailing) onStoreError(error);
      isFailing = true;
      return false;
    }
  }

  function save(): Promise<boolean> {
    writing ??= write(claimFor).finally(() => {
      writing = undefined;
    });
    return writing;
  }

  async function coverage(windows: ModelWindows): Promise<void> {
    // A write that is under way may have begun before the reservation.
    await writing;
    while (spare(windows) < 0) {
      if (!(await save())) return;
    }
  }

  /** What is left of a claim, as a share of it; below 0 where the kept count is too low. */
  function spare(windows: ModelWindows): number {
    const covers = covered.get(windows);
    if (!covers) return -1;
    const claim = claimFor(windows);
    const reserved = reservedIn(windows);
    return Math.min(
      share(covers.requests - reserved.requests, claim.requests),
      share(covers.tokens - reserved.tokens, claim.tokens),
    );
  }

  return {
    /** Undefined when the kept count covers everything that is reserved by now. */
    kept: ({ windows }: ModelState): Promise<void> | undefined => {
      if (!store || isFailing || !isLimited(windows)) return undefined;
      const left = spare(windows);
      if (left < 0) return coverage(windows);
      if (left < 0.5) void save();
      return undefined;
    },
    changed: (): void => {
      if (!store) return;
      timer ??= setTimeout(() => void save(), DELAY_MS).unref();
    },
    close: async (): Promise<void> => {
      clearTimeout(timer);
      await writing;
      await write(() => ({ requests: 0, tokens: 0 }));
      clearTimeout(timer);
    },
  };
}

/** A window without a limit needs no claim. */
function share(amount: number, claim: number): number {
  return claim > 0 ? amount / claim : 1;
}

function isLimited({ all }: ModelWindows): boolean {
  return all.some(({ limit }) => limit !== undefined);
}

function reservedIn({ requestsReserved, tokensReserved }: ModelWindows): Claim {
  return { requests: requestsReserved, tokens: tokensReserved };
}

function sum(one: Claim, other: Claim): Claim {
  return { requests: one.requests + other.requests, tokens: one.tokens + other.tokens };
}

/** A twentieth of the requests; a tenth of a minute's tokens, at most a fiftieth of a day's. */
function claimFor({ all }: ModelWindows): Claim {
  const [rpm, rpd, tpm, tpd] = all.map(({ limit }) => limit ?? Number.POSITIVE_INFINITY);
  const requests = Math.min(rpm ?? 0, rpd ?? 0) / 20;
  const tokens = Math.min((tpm ?? 0) / 10, (tpd ?? 0) / 50);
  return { requests: finite(requests), tokens: finite(tokens) };
}

function finite(amount: number): number {
  return Number.isFinite(amount) ? Math.max(1, Math.ceil(amount)) : 0;
}
