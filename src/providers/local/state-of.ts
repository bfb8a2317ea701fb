import type { DeskFigures } from './desk.ts';
import type { Keeper } from './keeper.ts';
import type { Turnstile } from './queue.ts';
import { residentBytes } from './resident.ts';
import type { Figures, LocalState } from './state.ts';

type Sources = {
  readonly model: string;
  readonly line: Turnstile;
  readonly queueLimit: number;
  readonly keeper: Keeper;
  readonly figures: DeskFigures;
  readonly totals: { readonly failed: number; readonly crashes: number; readonly loads: number };
  readonly lastError: Figures['lastError'];
  readonly threads: number;
  readonly budgetBytes: number;
  readonly now: number;
};

/** Gathers what health and metrics show. Looking costs nothing and doesn't count as use. */
export function stateOf(sources: Sources): LocalState {
  const { keeper, line, now } = sources;
  const figures = figuresOf(sources);
  const life = keeper.life();
  if (life?.loaded) return { ...figures, state: line.busy() ? 'busy' : 'ready' };
  if (life) return { ...figures, state: 'loading', sinceMs: Math.max(0, now - life.startedAt) };
  const trouble = keeper.trouble();
  if (!trouble) return { ...figures, state: 'off' };
  const { error, retryAfterMs } = trouble;
  return { ...figures, state: 'broken', reason: error.message, retryAfterMs };
}

function figuresOf({
  model,
  line,
  queueLimit,
  keeper,
  figures,
  totals,
  lastError,
  threads,
  budgetBytes,
}: Sources): Figures {
  const waiting = line.waiting();
  const life = keeper.life();
  return {
    model,
    queueLength: waiting.length,
    queueLimit,
    waiting,
    longestWaitMs: waiting[0]?.waitedMs ?? 0,
    deferredTotal: figures.deferred,
    answeredTotal: figures.answered,
    failedTotal: totals.failed,
    crashesTotal: totals.crashes,
    loadsTotal: totals.loads,
    pid: life?.session.pid,
    memoryBytes: life ? (residentBytes(life.session.pid) ?? figures.residentBytes) : 0,
    memoryNeedBytes: life?.file.needBytes,
    memoryBudgetBytes: budgetBytes,
    contextSize: life?.loaded?.contextSize,
    threads,
    loadMs: life?.loaded?.loadMs,
    prefillPerSecond: figures.speed.prefillPerSecond,
    decodePerSecond: figures.speed.decodePerSecond,
    lastError,
  };
}
