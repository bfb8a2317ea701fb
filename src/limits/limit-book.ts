import type { Clock } from '../core/clock.ts';
import type { Limiter } from '../core/limiter.ts';
import { type BootTime, bootTime } from './boot-time.ts';
import { awayMs, keepModel, keptName, restoreModel } from './kept-models.ts';
import { keyLimiter, type ModelState } from './key-limiter.ts';
import type { Limits, WindowName } from './limits.ts';
import { type KeptDocument, limitsKeeper } from './limits-keeper.ts';
import type { KeptModel, LimitsState } from './limits-state.ts';
import { type LimitSource, leastLeft, left, ModelWindows } from './model-windows.ts';

/** The windows of all keys and models. */
export type LimitBook = {
  /** @param key a digest of the upstream key, or another name that is no secret. */
  limiterOf(key: string): Limiter;
  view(): readonly ModelView[];
  /** Keeps everything as it stands. */
  close(): Promise<void>;
};

/** One model of one key, as `/api/rate-limits` shows it. */
export type ModelView = {
  readonly key: string;
  readonly model: string;
  readonly windows: readonly WindowView[];
  /** Set while the provider's last 429 still asks to wait. */
  readonly closedForMs: number;
};

export type WindowView = {
  readonly name: WindowName;
  readonly limit: number | null;
  readonly source: LimitSource;
  readonly used: number;
  readonly remaining: number | null;
  /** Until nothing counts any more. */
  readonly resetMs: number;
};

type Options = {
  readonly clock: Clock;
  /** Undefined where nothing outlives the process. */
  readonly store: KeptDocument<LimitsState> | undefined;
  /** Limits that are known of a model before it was ever asked. */
  readonly limitsOf: (model: string) => { limits: Limits; source: LimitSource };
  readonly defaultMaxTokens?: number | undefined;
  readonly onStoreError: (error: unknown) => void;
  readonly boot?: () => BootTime | undefined;
};

/** Models a key that are remembered; callers may name any, so there is a limit. */
const MAX_MODELS = 256;

/** Opens the book with what earlier processes counted. */
export async function openLimitBook(options: Options): Promise<LimitBook> {
  const { clock, store, limitsOf, boot = bootTime } = options;
  const keys = new Map<string, Map<string, ModelState>>();

  function statesOf(key: string): Map<string, ModelState> {
    const found = keys.get(key) ?? new Map<string, ModelState>();
    keys.set(key, found);
    return found;
  }

  function stateOf(states: Map<string, ModelState>, model: string): ModelState {
    const found = states.get(model);
    if (found) return found;
    const now = clock.elapsed();
    const kept = underDigest(states, model, now);
    if (states.size >= MAX_MODELS) forgetOne(states, now);
    const { limits, source } = limitsOf(model);
    const windows = new ModelWindows(limits, source);
    const state = { windows, closedUntil: Number.NEGATIVE_INFINITY, factor: 1 };
    if (kept) restoreModel(state, kept, 0, now);
    states.set(model, state);
    return state;
  }

  const kept = await store?.read();
  if (kept) {
    const away = awayMs(kept, boot(), clock);
    for (const each of kept.models) {
      const state = stateOf(statesOf(each.key), each.model);
      restoreModel(state, each, away, clock.elapsed());
    }
  }
  const keeper = limitsKeeper({ ...options, boot, keys });

  return {
    limiterOf: (key) => {
      const states = statesOf(key);
      return keyLimiter({
        clock,
        stateOf: (model) => stateOf(states, model),
        kept: keeper.kept,
        onChange: keeper.changed,
        defaultMaxTokens: options.defaultMaxTokens,
      });
    },
    view: () =>
      [...keys].flatMap(([key, states]) =>
        [...states].map(([model, state]) => view(key, model, state, clock.elapsed())),
      ),
    close: keeper.close,
  };
}

/** What an earlier process counted of a model whose name it didn't keep; only now are its limits known. */
function underDigest(
  states: Map<string, ModelState>,
  model: string,
  now: number,
): KeptModel | undefined {
  const name = keptName(model);
  const found = name === model ? undefined : states.get(name);
  if (!found) return undefined;
  states.delete(name);
  return keepModel('', name, found, { requests: 0, tokens: 0 }, now);
}

/**
 * Forgets a model that nothing is known of, else the one that has used the least of its windows: callers
 * who make names up push nobody's count out. What is under way must be settled where it was reserved.
 */
function forgetOne(states: Map<string, ModelState>, now: number): void {
  let idlest: string | undefined;
  let most = -1;
  for (const [model, { windows, closedUntil }] of states) {
    if (windows.inFlight > 0) continue;
    const share = closedUntil > now ? 0 : leastLeft(windows, now);
    if (share <= most) continue;
    idlest = model;
    most = share;
    if (share === 1) break;
  }
  if (idlest !== undefined) states.delete(idlest);
}

function view(key: string, model: string, state: ModelState, now: number): ModelView {
  const windows = state.windows.all.map((window): WindowView => {
    const { name, limit, source, own, theirs } = window;
    const known = limit !== undefined;
    const remaining = known ? Math.floor(left(window, now)) : null;
    return {
      name,
      limit: limit ?? null,
      source,
      used: remaining === null ? own.total(now) : (limit ?? 0) - remaining,
      remaining,
      resetMs: Math.round(Math.max(own.emptyIn(now), known ? theirs.fallsTo(0, now, limit) : 0)),
    };
  });
  return { key, model, windows, closedForMs: Math.max(0, Math.round(state.closedUntil - now)) };
}
