import type { Clock } from '../../core/clock.ts';
import type { Desk } from './desk.ts';
import type { Keeper } from './keeper.ts';
import type { Turnstile } from './queue.ts';
import { residentBytes } from './resident.ts';
import type { Figures, LocalState } from './state.ts';
import type { TroubleBook } from './trouble-book.ts';

type Sources = {
  readonly servedBy: string;
  readonly line: Turnstile;
  readonly queueLimit: number;
  readonly keeper: Keeper;
  readonly desk: Desk;
  readonly book: TroubleBook;
  readonly threads: number;
  readonly budgetBytes: () => number;
  readonly clock: Clock;
};

/** Gathers what health and metrics show. Looking costs nothing and doesn't count as use. */
export function stateOf(sources: Sources): LocalState {
  const { keeper, line, clock } = sources;
  const figures = figuresOf(sources);
  const life = keeper.life();
  if (life?.loaded) return { ...figures, state: line.busy() ? 'busy' : 'ready' };
  if (life) return { ...figures, state: 'loading', sinceMs: clock.elapsed() - life.startedAt };
  const trouble = keeper.trouble();
  if (!trouble) return { ...figures, state: 'off' };
  const { error, retryAfterMs } = trouble;
  return { ...figures, state: 'broken', reason: error.message, retryAfterMs };
}

function figuresOf({
  servedBy,
  line,
  queueLimit,
  keeper,
  desk,
  book,
  threads,
  budgetBytes,
}: Sources): Figures {
  const waiting = line.waiting();
  const life = keeper.life();
  const { speed, deferred, answered, residentBytes: lastKnown } = desk.figures();
  const { failed, crashes, loads, lastError } = book.totals();
  return {
    model: servedBy,
    queueLength: waiting.length,
    queueLimit,
    waiting,
    longestWaitMs: waiting[0]?.waitedMs ?? 0,
    deferredTotal: deferred,
    answeredTotal: answered,
    failedTotal: failed,
    crashesTotal: crashes,
    loadsTotal: loads,
    pid: life?.session.pid,
    memoryBytes: life ? (residentBytes(life.session.pid) ?? lastKnown) : 0,
    memoryNeedBytes: life?.file.needBytes,
    memoryBudgetBytes: budgetBytes(),
    contextSize: life?.loaded?.contextSize,
    threads,
    loadMs: life?.loaded?.loadMs,
    prefillPerSecond: speed.prefillPerSecond,
    decodePerSecond: speed.decodePerSecond,
    lastError,
  };
}
