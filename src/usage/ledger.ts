import type { Clock } from '../core/clock.ts';
import { shownProvider } from '../core/shown-name.ts';
import type { AttemptRecord } from '../core/tally.ts';
import { cachedTokens } from '../core/usage.ts';
import type { DocumentStore } from '../store/document.ts';
import { type OpenRequest, openRequest } from './open-request.ts';
import { costOf, modelOf, type Price } from './prices.ts';
import { addTo, countRequest, noSums, SumsByName } from './totals.ts';
import type { ArmSums, Row, Sums, UsageState } from './usage-state.ts';

/** Counts what requests take: for people to read, and across restarts. */
export type Ledger = {
  /** A request comes in. */
  open(): OpenRequest;
  /** An attempt at a provider is over, whoever asked for it. */
  attempt(record: AttemptRecord): void;
  /** Calls back whenever a request is over. */
  onRow(listener: (row: Row) => void): void;
  /** Everything as it stands, in the form in which it is kept. */
  state(): UsageState;
  /** Keeps everything as it stands. */
  close(): Promise<void>;
};

/** What a ledger counts by. */
export type LedgerOptions = {
  readonly store: DocumentStore<UsageState>;
  readonly clock: Clock;
  readonly priceOf: (model: string) => Price | undefined;
  /** Whether a cloud model exists, as far as anybody can tell without asking. */
  readonly knows: (model: string) => boolean;
  readonly onStoreError: (error: unknown) => void;
};

const RECENT = 1_000;
const MAX_MODELS = 200;
const MAX_DAYS = 400;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The kept ledger is never older than this, and a write that is under way. */
const DELAY_MS = 500;

/** Opens the ledger where an earlier process left it. */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { store, clock, priceOf, knows, onStoreError } = options;
  const kept = await store.read();
  const since = kept?.since ?? clock.now();
  const total: Sums = { ...(kept?.total ?? noSums()) };
  const byModel = new SumsByName(kept?.by_model ?? {}, MAX_MODELS);
  const byDay = new SumsByName(kept?.by_day ?? {}, MAX_DAYS);
  const byOutcome = new SumsByName(kept?.by_outcome ?? {}, MAX_MODELS);
  const byArm = new Map<string, ArmSums>(
    Object.entries(kept?.by_arm ?? {}).map(([arm, sums]) => [arm, { ...sums }]),
  );
  const recent: Row[] = [...(kept?.recent ?? [])].slice(-RECENT);
  /** Where the oldest row is, once the list is full. */
  let oldest = 0;
  const listeners: ((row: Row) => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isFailing = false;

  function state(): UsageState {
    return {
      version: 1,
      since,
      total: { ...total },
      by_model: Object.fromEntries(byModel.all),
      by_day: Object.fromEntries(byDay.all),
      by_outcome: Object.fromEntries(byOutcome.all),
      by_arm: Object.fromEntries(byArm),
      recent: [...recent.slice(oldest), ...recent.slice(0, oldest)],
    };
  }

  async function save(): Promise<void> {
    try {
      await store.update(() => {
        clearTimeout(timer);
        timer = undefined;
        return state();
      });
      isFailing = false;
    } catch (error) {
      if (!isFailing) onStoreError(error);
      isFailing = true;
    }
  }

  function changed(): void {
    timer ??= setTimeout(() => void save(), DELAY_MS).unref();
  }

  let today = { number: Number.NaN, sums: noSums() };

  /** The day in UTC. Its name is only made once. */
  function sumsOfToday(): Sums {
    const number = Math.floor(clock.now() / DAY_MS);
    if (number !== today.number) {
      const name = new Date(number * DAY_MS).toISOString().slice(0, 10);
      today = { number, sums: byDay.ofNewest(name) };
    }
    return today.sums;
  }

  function attempt({ provider, outcome, usage }: AttemptRecord): void {
    const name = modelOf(provider);
    const shown = modelOf(shownProvider(provider));
    const part: Sums = {
      requests: 0,
      latency_ms: 0,
      first_token_ms: 0,
      first_tokens: 0,
      attempts: 1,
      failed_attempts: outcome === 'ok' ? 0 : 1,
      prompt_tokens: usage?.prompt_tokens ?? 0,
      completion_tokens: usage?.completion_tokens ?? 0,
      cached_tokens: usage ? cachedTokens(usage) : 0,
      cost_nano: usage ? costOf(usage, priceOf(name)) : 0,
    };
    // A name that nobody answers to may be anything that a caller made up.
    const hasAnswered = outcome === 'ok' || usage !== undefined || byModel.all.has(shown);
    const isKnown = hasAnswered || provider.startsWith('local/') || knows(name);
    addTo(total, part);
    addTo(sumsOfToday(), part);
    addTo(byModel.of(isKnown ? shown : 'other'), part);
    changed();
  }

  function add(row: Row, attempts: number, failed: number): void {
    const { outcome, served_by } = row;
    countRequest(total, row);
    countRequest(sumsOfToday(), row);
    countRequest(byModel.of(served_by === null ? 'none' : modelOf(served_by)), row);
    const whole: Sums = {
      requests: 1,
      attempts,
      failed_attempts: failed,
      prompt_tokens: row.prompt_tokens,
      completion_tokens: row.completion_tokens,
      cached_tokens: row.cached_tokens,
      cost_nano: row.cost_nano,
      latency_ms: row.latency_ms,
      first_token_ms: row.first_token_ms ?? 0,
      first_tokens: row.first_token_ms === null ? 0 : 1,
    };
    addTo(byOutcome.of(outcome), whole);
    if (row.arm !== undefined) {
      const arm = byArm.get(row.arm) ?? { ...noSums(), errors: 0 };
      addTo(arm, whole);
      if (outcome !== 'ok' && outcome !== 'hung_up') arm.errors += 1;
      byArm.set(row.arm, arm);
    }
    keepRow(row);
    changed();
    for (const listener of listeners) listener(row);
  }

  function keepRow(row: Row): void {
    if (recent.length < RECENT) {
      recent.push(row);
      return;
    }
    recent[oldest] = row;
    oldest = (oldest + 1) % RECENT;
  }

  return {
    open: () => openRequest({ at: clock.now(), elapsed: clock.elapsed, priceOf, onRow: add }),
    attempt,
    onRow: (listener) => {
      listeners.push(listener);
    },
    state,
    close: async () => {
      clearTimeout(timer);
      await save();
    },
  };
}
