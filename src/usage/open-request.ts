import { shownName } from '../core/shown-name.ts';
import type { AttemptRecord, RequestNote, Tally } from '../core/tally.ts';
import { cachedTokens } from '../core/usage.ts';
import { costOf, modelOf, type Price } from './prices.ts';
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

/** Begins to gather one row of the ledger. */
export function openRequest(options: Options): OpenRequest {
  return new Gathered(options);
}

/** A class for the sake of its cost: one is made for every request. */
class Gathered implements OpenRequest, Tally {
  private readonly options: Options;
  private readonly since: number;
  private readonly sums = {
    prompt_tokens: 0,
    completion_tokens: 0,
    cached_tokens: 0,
    cost_nano: 0,
  };
  private estimated = false;
  private pending = 0;
  private attempts = 0;
  private failed = 0;
  private firstTokenMs: number | undefined;
  private notes: RequestNote | undefined;
  private facts: RequestFacts | undefined;
  private latencyMs = 0;

  constructor(options: Options) {
    this.options = options;
    this.since = options.elapsed();
  }

  get tally(): Tally {
    return this;
  }

  begin(): (record: AttemptRecord) => void {
    const begunMs = this.options.elapsed() - this.since;
    let isOver = false;
    this.pending += 1;
    this.attempts += 1;
    return (record) => {
      if (isOver) return;
      isOver = true;
      this.pending -= 1;
      this.count(begunMs, record);
      this.finish();
    };
  }

  note(more: RequestNote): void {
    this.notes = { ...this.notes, ...more };
  }

  took(): { readonly prompt_tokens: number; readonly completion_tokens: number } {
    return this.sums;
  }

  close(facts: RequestFacts): void {
    if (!this.facts) {
      this.facts = facts;
      this.latencyMs = this.options.elapsed() - this.since;
    }
    this.finish();
  }

  private count(begunMs: number, record: AttemptRecord): void {
    const { outcome, usage, isEstimated, provider, firstTokenMs } = record;
    const { sums } = this;
    if (outcome !== 'ok') this.failed += 1;
    if (firstTokenMs !== undefined) this.firstTokenMs ??= begunMs + firstTokenMs;
    if (!usage) return;
    this.estimated ||= isEstimated;
    sums.prompt_tokens += usage.prompt_tokens;
    sums.completion_tokens += usage.completion_tokens;
    sums.cached_tokens += cachedTokens(usage);
    sums.cost_nano += costOf(usage, this.options.priceOf(modelOf(provider)));
  }

  private finish(): void {
    const { facts, sums, firstTokenMs } = this;
    if (!facts || this.pending > 0) return;
    const row: Row = {
      at: this.options.at,
      id: facts.id,
      route: facts.route,
      model: facts.model === undefined ? null : shownName(facts.model),
      served_by: facts.servedBy ?? null,
      trail: facts.trail.slice(0, 1_000),
      status: facts.status,
      outcome: facts.outcome,
      prompt_tokens: sums.prompt_tokens,
      completion_tokens: sums.completion_tokens,
      cached_tokens: sums.cached_tokens,
      cost_nano: sums.cost_nano,
      estimated: this.estimated,
      latency_ms: Math.round(this.latencyMs),
      first_token_ms: firstTokenMs === undefined ? null : Math.round(firstTokenMs),
    };
    const { attempts, failed, notes } = this;
    this.options.onRow(notes ? { ...row, ...notes } : row, attempts, failed);
  }
}
