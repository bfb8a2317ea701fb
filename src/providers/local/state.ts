import type { Waiting } from './queue.ts';

/** What the local model is doing, with its figures; for health and metrics. Holds no path. */
export type LocalState = Figures &
  (
    | { readonly state: 'off' }
    | { readonly state: 'loading'; readonly sinceMs: number }
    | { readonly state: 'ready' }
    | { readonly state: 'busy' }
    | { readonly state: 'broken'; readonly reason: string; readonly retryAfterMs: number }
  );

export type Figures = {
  readonly model: string;
  readonly queueLength: number;
  readonly queueLimit: number;
  /** Who waits, first in line first. */
  readonly waiting: readonly Waiting[];
  readonly longestWaitMs: number;
  /** Requests that had to wait, since the start. */
  readonly deferredTotal: number;
  readonly answeredTotal: number;
  readonly failedTotal: number;
  readonly crashesTotal: number;
  readonly loadsTotal: number;
  /** The model's process, when there is one. */
  readonly pid: number | undefined;
  /** Resident memory of that process; 0 when there is none. */
  readonly memoryBytes: number;
  readonly memoryNeedBytes: number | undefined;
  readonly memoryBudgetBytes: number;
  readonly contextSize: number | undefined;
  readonly threads: number;
  readonly loadMs: number | undefined;
  /** Tokens a second, averaged over the latest answers. */
  readonly prefillPerSecond: number | undefined;
  readonly decodePerSecond: number | undefined;
  readonly lastError: { readonly message: string; readonly at: string } | undefined;
};
