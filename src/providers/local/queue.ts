import { performance } from 'node:perf_hooks';

/** A turn at the model; give it back exactly once. */
export type Turnstile = {
  /** Waits for its turn; rejects with the signal's reason, or returns undefined when full. */
  enter(signal: AbortSignal): Promise<() => void> | undefined;
  /** Who waits, first in line first, with how long already. */
  waiting(): readonly Waiting[];
  /** Whether somebody has the turn. */
  busy(): boolean;
  /** Turns away everybody who waits. */
  clear(error: unknown): void;
};

export type Waiting = { readonly place: number; readonly waitedMs: number };

type Waiter = { readonly since: number; admit(): void; refuse(error: unknown): void };

/** One at a time, first in, first out, with at most `limit` waiting beside the one who is served. */
export function turnstile({ limit }: { limit: number }): Turnstile {
  const line: Waiter[] = [];
  let taken = false;

  function leave(): void {
    const next = line.shift();
    if (next) next.admit();
    else taken = false;
  }

  function once(): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      leave();
    };
  }

  function wait(signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const forget = () => signal.removeEventListener('abort', abort);
      const waiter: Waiter = {
        since: performance.now(),
        admit: () => {
          forget();
          resolve(once());
        },
        refuse: (error) => {
          forget();
          reject(error);
        },
      };
      const abort = () => {
        line.splice(line.indexOf(waiter), 1);
        waiter.refuse(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
      line.push(waiter);
    });
  }

  return {
    enter(signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (taken) return line.length < limit ? wait(signal) : undefined;
      taken = true;
      return Promise.resolve(once());
    },
    waiting() {
      const now = performance.now();
      return line.map(({ since }, index) => ({
        place: index + 1,
        waitedMs: Math.round(now - since),
      }));
    },
    busy: () => taken,
    clear(error) {
      for (const waiter of line.splice(0)) waiter.refuse(error);
    },
  };
}
