import type { Row } from './usage-state.ts';

/** Something that did not go as planned, or that changed who may answer. */
export type Incident = {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind:
    | 'fallback'
    | 'rescue'
    | 'broken'
    | 'failed'
    | 'breaker_open'
    | 'breaker_closed'
    | 'key_turned';
  /** The model that was asked for, or whose breaker it is. */
  readonly model: string | null;
  readonly served_by: string | null;
  /** The trail of a request; the cause of a breaker. */
  readonly detail: string;
};

/** The latest incidents. */
export type Incidents = {
  add(incident: Omit<Incident, 'at'>): void;
  /** A request is over; most are no incident. */
  addRow(row: Row): void;
  /** Those of the last hour, oldest first. */
  all(): readonly Incident[];
  /** How many there ever were, and those after a number of them. */
  count(): number;
  after(count: number): readonly Incident[];
};

const HOUR_MS = 60 * 60_000;

/** Incidents that are remembered. */
const MOST = 200;

/**
 * Opens the list with what an earlier process's requests show.
 *
 * @param now epoch milliseconds
 */
export function openIncidents(now: () => number, kept: readonly Row[]): Incidents {
  const all: Incident[] = [];
  let count = 0;

  function keep(incident: Incident): void {
    all.push(incident);
    if (all.length > MOST) all.shift();
    count += 1;
  }

  function addRowAt(at: number, row: Row): void {
    const kind = kindOf(row);
    if (!kind) return;
    const { model, served_by, trail } = row;
    keep({ at, kind, model, served_by, detail: trail });
  }

  const endOf = (row: Row) => row.at + row.latency_ms;
  for (const row of kept.toSorted((one, other) => endOf(one) - endOf(other))) {
    addRowAt(endOf(row), row);
  }

  return {
    add: (incident) => keep({ at: now(), ...incident }),
    addRow: (row) => addRowAt(now(), row),
    all: () => all.filter(({ at }) => at > now() - HOUR_MS),
    count: () => count,
    after: (earlier) => {
      const fresh = Math.min(count - earlier, all.length);
      return fresh <= 0 ? [] : all.slice(-fresh);
    },
  };
}

function kindOf({ outcome, rescue, trail, served_by }: Row): Incident['kind'] | undefined {
  if (rescue === 'rescued') return 'rescue';
  if (rescue === 'failed' || outcome === 'broken') return 'broken';
  if (outcome === 'failed') return 'failed';
  // Who answered is the trail's last entry; whoever stands before it had failed.
  return served_by !== null && trail.includes(', ') ? 'fallback' : undefined;
}
