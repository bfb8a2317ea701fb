import type { AttemptRecord, RequestNote, Tally } from '../core/tally.ts';
import { cachedTokens, costOf, modelOf, type Price } from './prices.ts';
import type { Outcome, Row } from './usage-state.ts';

/** What HTTP knows of a request when its connection is done with it. */
export type RequestFacts = {
  readonly id: string;
  readonly route: string;
  /** The model that was asked for; undefined where none was. */
  readonly model: string | undefined;
  readonly servedBy: string | undefined;
  readonly trail: string;
  readonly status: number;
  readonly outcome: Outcome;
};

/** A request under way. */
export type OpenRequest = {
  readonly tally: Tally;
  /** Tokens of all attempts that have ended so far. */
  took(): { readonly prompt_tokens: number; readonly completion_tokens: number };
  /** The connection is done. The row is written when the last attempt has ended as well. */
  close(facts: RequestFacts): void;
};

type Options = {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Milliseconds for durations. */
  readonly elapsed: () => number;
  readonly priceOf: (model: string) => Price | undefined;
  readonly onRow: (row: Row, attempts: number, failed: number) => void;
};

/** Gathers one row of the ledger. */
export function openRequest({ at, elapsed, priceOf, onRow }: Options): OpenRequest {
  const since = elapsed();
  const sums = { prompt_tokens: 0, completion_tokens: 0, cached_tokens: 0, cost_nano: 0 };
  let estimated = false;
  let pending = 0;
  let attempts = 0;
  let failed = 0;
  let firstTokenMs: number | undefined;
  let note: RequestNote = {};
  let closed: { facts: RequestFacts; latencyMs: number } | undefined;

  function count(begunMs: number, { outcome, usage, isEstimated, ...record }: AttemptRecord): void {
    if (outcome !== 'ok') failed += 1;
    if (record.firstTokenMs !== undefined) firstTokenMs ??= begunMs + record.firstTokenMs;
    if (!usage) return;
    estimated ||= isEstimated;
    sums.prompt_tokens += usage.prompt_tokens;
    sums.completion_tokens += usage.completion_tokens;
    sums.cached_tokens += cachedTokens(usage);
    sums.cost_nano += costOf(usage, priceOf(modelOf(record.provider)));
  }

  function finish(): void {
    if (!closed || pending > 0) return;
    const { facts, latencyMs } = closed;
    const row: Row = {
      at,
      id: facts.id,
      route: facts.route,
      model: facts.model === undefined ? null : shown(facts.model),
      served_by: facts.servedBy ?? null,
      trail: facts.trail.slice(0, 1_000),
      status: facts.status,
      outcome: facts.outcome,
      ...sums,
      estimated,
      latency_ms: Math.round(latencyMs),
      first_token_ms: firstTokenMs === undefined ? null : Math.round(firstTokenMs),
      ...note,
    };
    onRow(row, attempts, failed);
  }

  return {
    tally: {
      begin: () => {
        const begunMs = elapsed() - since;
        let isOver = false;
        pending += 1;
        attempts += 1;
        return (record) => {
          if (isOver) return;
          isOver = true;
          pending -= 1;
          count(begunMs, record);
          finish();
        };
      },
      note: (more) => {
        note = { ...note, ...more };
      },
    },
    took: () => sums,
    close: (facts) => {
      closed ??= { facts, latencyMs: elapsed() - since };
      finish();
    },
  };
}

/** A caller may write anything where a model's name belongs; only what looks like one is kept. */
function shown(model: string): string {
  return /^[\w./:@#=,+-]{1,100}$/.test(model) ? model : '?';
}
