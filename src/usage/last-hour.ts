import { Durations } from './durations.ts';
import { modelOf } from './prices.ts';
import type { Row } from './usage-state.ts';

/** What one minute held. Costs are billionths of a dollar, durations milliseconds. */
export type Minute = {
  /** Epoch milliseconds of its beginning. */
  readonly at: number;
  readonly requests: number;
  /** Of them, those that their callers did not get a whole answer to, through no doing of theirs. */
  readonly failures: number;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly cost_nano: number;
  readonly latency_ms: Quantiles | null;
  readonly first_token_ms: Quantiles | null;
  /** Requests by the model that answered. */
  readonly served: Readonly<Record<string, number>>;
};

type Quantiles = { readonly p50: number; readonly p95: number };

/** The last hour, minute by minute. */
export type LastHour = {
  /** A request is over. */
  add(row: Row): void;
  /** Minutes in which a request ended, oldest first. */
  minutes(): readonly Minute[];
  /** Of the whole hour. */
  durations(): Pick<Minute, 'latency_ms' | 'first_token_ms'>;
};

type Counts = {
  requests: number;
  failures: number;
  prompt_tokens: number;
  completion_tokens: number;
  cost_nano: number;
  readonly latency: Durations;
  readonly firstToken: Durations;
  readonly served: Map<string, number>;
};

const MINUTE_MS = 60_000;
const MINUTES = 60;

/** Names a minute; callers choose some of them. */
const MAX_NAMES = 20;

const FAILURES: ReadonlySet<string> = new Set(['failed', 'limited', 'broken']);

/**
 * Opens the hour with requests that an earlier process kept.
 *
 * @param now epoch milliseconds
 */
export function lastHour(now: () => number, kept: readonly Row[]): LastHour {
  /** By the minute's number; the oldest first. */
  const all = new Map<number, Counts>();

  function countsOf(minute: number): Counts {
    const found = all.get(minute);
    if (found) return found;
    const fresh = nothing();
    all.set(minute, fresh);
    return fresh;
  }

  function forgetOld(): void {
    const newest = Math.floor(now() / MINUTE_MS);
    for (const minute of all.keys()) {
      // A clock that was set back leaves minutes that have yet to come.
      if (minute <= newest - MINUTES || minute > newest) all.delete(minute);
    }
  }

  function addAt(endedAt: number, row: Row): void {
    addRow(countsOf(Math.floor(endedAt / MINUTE_MS)), row);
  }

  for (const row of kept) addAt(row.at + row.latency_ms, row);
  forgetOld();

  return {
    add: (row) => {
      forgetOld();
      addAt(now(), row);
    },
    durations: () => {
      forgetOld();
      const latency = new Durations();
      const firstToken = new Durations();
      for (const each of all.values()) {
        latency.addAll(each.latency);
        firstToken.addAll(each.firstToken);
      }
      return { latency_ms: latency.summary(), first_token_ms: firstToken.summary() };
    },
    minutes: () => {
      forgetOld();
      return [...all]
        .sort(([one], [other]) => one - other)
        .map(([minute, counts]) => view(minute, counts));
    },
  };
}

function nothing(): Counts {
  return {
    requests: 0,
    failures: 0,
    prompt_tokens: 0,
    completion_tokens: 0,
    cost_nano: 0,
    latency: new Durations(),
    firstToken: new Durations(),
    served: new Map(),
  };
}

function addRow(counts: Counts, row: Row): void {
  counts.requests += 1;
  if (FAILURES.has(row.outcome)) counts.failures += 1;
  counts.prompt_tokens += row.prompt_tokens;
  counts.completion_tokens += row.completion_tokens;
  counts.cost_nano += row.cost_nano;
  counts.latency.add(row.latency_ms);
  if (row.first_token_ms !== null) counts.firstToken.add(row.first_token_ms);
  if (row.served_by === null) return;
  const { served } = counts;
  const model = modelOf(row.served_by);
  const name = served.has(model) || served.size < MAX_NAMES ? model : 'other';
  served.set(name, (served.get(name) ?? 0) + 1);
}

function view(minute: number, { latency, firstToken, served, ...counts }: Counts): Minute {
  return {
    at: minute * MINUTE_MS,
    ...counts,
    latency_ms: latency.summary(),
    first_token_ms: firstToken.summary(),
    served: Object.fromEntries(served),
  };
}
