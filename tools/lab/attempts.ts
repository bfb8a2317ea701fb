import { createHash } from 'node:crypto';
import type { HttpRequest } from './http-request.ts';
import { nowMs } from './now.ts';
import type { WireObserver } from './wire.ts';

/**
 * How an attempt ended: `answered` (the lab said all it wanted and left the connection open),
 * `closed` and `reset` (the lab ended the connection by FIN or RST), `hung-up` (the caller left
 * first, or the lab was closed), `pending` (still under way).
 */
type AttemptEnd = 'pending' | 'answered' | 'closed' | 'reset' | 'hung-up';

/** One request that reached the lab. All times are wall-clock milliseconds with fractions. */
export type Attempt = {
  readonly id: number;
  readonly socket: number;
  readonly method: string;
  /** The path without the base, for example `/chat/completions`. */
  readonly route: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The bearer key, or undefined where none came. */
  readonly key: string | undefined;
  /** The parsed JSON body, or undefined where it was not JSON. */
  readonly body: unknown;
  readonly rawBody: Buffer;
  readonly bodySha256: string;
  readonly arrivedAtMs: number;
  readonly readAtMs: number;
  model: string | undefined;
  /** What the lab played: `healthy` or a fault with its parameters. */
  step: string;
  status: number | undefined;
  firstByteAtMs: number | undefined;
  lastByteAtMs: number | undefined;
  finishedAtMs: number | undefined;
  bytesSent: number;
  end: AttemptEnd;
};

/** What the log must know of a request besides the request itself. */
export type AttemptFacts = Pick<Attempt, 'route' | 'key' | 'body' | 'socket'>;

/** The log of everything that reached the lab, and a way to wait for it. */
export interface AttemptLog {
  readonly all: readonly Readonly<Attempt>[];
  open(request: HttpRequest, facts: AttemptFacts): Attempt;
  observer(attempt: Attempt): WireObserver;
  finish(attempt: Attempt, end: AttemptEnd): void;
  /** Resolves as soon as the log satisfies the condition; rejects after `timeoutMs`. */
  until(
    condition: (all: readonly Readonly<Attempt>[]) => boolean,
    timeoutMs: number,
  ): Promise<void>;
  clear(): void;
}

/** An attempt log that keeps the newest `maxAttempts`. */
export function createAttemptLog({ maxAttempts = 50_000 } = {}): AttemptLog {
  const all: Attempt[] = [];
  const watchers = new Set<() => void>();
  let lastId = 0;
  const changed = () => {
    for (const watcher of watchers) watcher();
  };

  return {
    all,
    open({ method, headers, body: rawBody, arrivedAtMs, readAtMs }, facts) {
      lastId += 1;
      const attempt: Attempt = {
        ...{ id: lastId, ...facts, method, headers, rawBody, arrivedAtMs, readAtMs },
        bodySha256: createHash('sha256').update(rawBody).digest('hex'),
        ...{ model: undefined, step: 'healthy', status: undefined, firstByteAtMs: undefined },
        ...{ lastByteAtMs: undefined, finishedAtMs: undefined, bytesSent: 0, end: 'pending' },
      };
      all.push(attempt);
      if (all.length > maxAttempts) all.shift();
      changed();
      return attempt;
    },
    observer: (attempt) => ({
      sent(bytes) {
        attempt.lastByteAtMs = nowMs();
        attempt.firstByteAtMs ??= attempt.lastByteAtMs;
        attempt.bytesSent += bytes;
        changed();
      },
      status(status) {
        attempt.status = status;
      },
      closing(how) {
        attempt.end = how;
      },
    }),
    finish(attempt, end) {
      if (attempt.end === 'pending') attempt.end = end;
      attempt.finishedAtMs = nowMs();
      changed();
    },
    until: (condition, timeoutMs) =>
      new Promise((resolve, reject) => {
        const settle = (done: () => void) => {
          watchers.delete(look);
          clearTimeout(timer);
          done();
        };
        const look = () => {
          if (condition(all)) settle(resolve);
        };
        const timer = setTimeout(() => {
          settle(() => reject(new Error(`the attempts never came to that in ${timeoutMs} ms`)));
        }, timeoutMs);
        watchers.add(look);
        look();
      }),
    clear() {
      all.length = 0;
    },
  };
}
