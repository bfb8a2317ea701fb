/** When a breaker opens, and when it lets a probe through. */
export type BreakerRules = {
  /** Opens after this many faults in a row, */
  readonly faultsInARow: number;
  /** or when at least this many outcomes fell into the window, */
  readonly minimumOutcomes: number;
  /** and this share of them were faults. */
  readonly faultShare: number;
  readonly windowMs: number;
  /** Time from opening, or from the beginning of a probe, to the next probe. */
  readonly probeMs: number;
};

/** Outcomes of a tenth of the window. */
type Slice = { readonly since: number; readonly total: number; readonly faults: number };

/** A circuit breaker's state; times in the clock's elapsed milliseconds. */
export type BreakerState =
  | { readonly kind: 'closed'; readonly inARow: number; readonly recent: readonly Slice[] }
  | { readonly kind: 'open'; readonly probeAt: number; readonly reason: string }
  | { readonly kind: 'probing'; readonly probeAt: number; readonly reason: string };

/** A breaker that has seen nothing yet. */
export const closed: BreakerState = { kind: 'closed', inARow: 0, recent: [] };

/** The state after a fault. */
export function afterFault(
  state: BreakerState,
  now: number,
  reason: string,
  rules: BreakerRules,
): BreakerState {
  if (state.kind === 'open') return state;
  if (state.kind === 'probing') return { kind: 'open', probeAt: state.probeAt, reason };
  const open: BreakerState = { kind: 'open', probeAt: now + rules.probeMs, reason };
  const inARow = state.inARow + 1;
  const recent = counted(state.recent, now, 1, rules);
  const total = recent.reduce((sum, slice) => sum + slice.total, 0);
  const faults = recent.reduce((sum, slice) => sum + slice.faults, 0);
  const isHalfBad = total >= rules.minimumOutcomes && faults / total >= rules.faultShare;
  return inARow >= rules.faultsInARow || isHalfBad ? open : { kind: 'closed', inARow, recent };
}

/** The state after a success. A probe's success closes the breaker. */
export function afterSuccess(state: BreakerState, now: number, rules: BreakerRules): BreakerState {
  if (state.kind !== 'closed') return closed;
  return { kind: 'closed', inARow: 0, recent: counted(state.recent, now, 0, rules) };
}

function counted(
  recent: readonly Slice[],
  now: number,
  faults: 0 | 1,
  { windowMs }: BreakerRules,
): readonly Slice[] {
  const [first] = recent;
  const isFresh = first !== undefined && now - first.since < windowMs;
  const fresh = isFresh ? recent : recent.filter(({ since }) => now - since < windowMs);
  const last = fresh.at(-1);
  if (!last || now - last.since >= windowMs / 10)
    return [...fresh, { since: now, total: 1, faults }];
  const grown = { since: last.since, total: last.total + 1, faults: last.faults + faults };
  return [...fresh.slice(0, -1), grown];
}
