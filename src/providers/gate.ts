import { AttemptError } from '../core/attempt.ts';
import type { ChatRequest } from '../core/chat.ts';
import type { Clock } from '../core/clock.ts';
import { ApiError } from '../core/errors.ts';
import { passing } from '../core/passing.ts';
import type { Layer, StreamReply } from '../core/provider.ts';
import type { Tally } from '../core/tally.ts';

type Options = {
  /** Calls that may be open at a time; as many more may wait. */
  readonly limit: number;
  readonly clock: Clock;
};

/** A turnstile in front of all upstream calls, and a look at it. */
export type Gate = {
  readonly layer: Layer;
  state(): { readonly open: number; readonly waiting: number; readonly limit: number };
};

type Waiter = { admit(): void };

/**
 * Lets only so many calls be open at a time. The next ones wait in line, first come, first served,
 * until their deadline; where the line is full as well, they go on along the chain at once. A request
 * that goes on to its next model, or has its stream carried on, goes first.
 */
export function gate({ limit, clock }: Options): Gate {
  /** Each in the order in which they came; who was in before goes first. */
  const returning = new Set<Waiter>();
  const line = new Set<Waiter>();
  /** Requests that were let in before: the next of their models needs no new place in the line. */
  const known = new WeakSet<Tally>();
  let open = 0;

  function leave(): void {
    const [next] = returning.size > 0 ? returning : line;
    if (!next) {
      open -= 1;
      return;
    }
    // The place goes from hand to hand, so that nobody slips in between.
    returning.delete(next);
    line.delete(next);
    next.admit();
  }

  const isKnownOne = ({ tally }: ChatRequest) => tally !== undefined && known.has(tally);
  const isFull = (request: ChatRequest) => line.size >= limit && !isKnownOne(request);

  function enter(request: ChatRequest, signal: AbortSignal): Promise<void> | undefined {
    const isKnown = isKnownOne(request);
    if (request.tally) known.add(request.tally);
    if (open < limit) {
      open += 1;
      return undefined;
    }
    const queue = isKnown ? returning : line;
    return new Promise((resolve, reject) => {
      const giveUp = (reason: unknown) => {
        queue.delete(waiter);
        settle();
        reject(reason);
      };
      const hangUp = () => giveUp(signal.reason);
      const waiter: Waiter = {
        admit: () => {
          settle();
          resolve();
        },
      };
      const leftMs = (request.deadline ?? Number.POSITIVE_INFINITY) - clock.elapsed();
      const timer = Number.isFinite(leftMs)
        ? setTimeout(() => giveUp(busy()), Math.max(0, leftMs))
        : undefined;
      const settle = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', hangUp);
      };
      if (signal.aborted) return hangUp();
      signal.addEventListener('abort', hangUp, { once: true });
      queue.add(waiter);
    });
  }

  /** A stream that nobody begins to read holds its place until the caller is gone. */
  function held(reply: StreamReply, signal: AbortSignal): StreamReply {
    let isLeft = false;
    const leaveOnce = () => {
      if (!isLeft) leave();
      isLeft = true;
    };
    signal.addEventListener('abort', leaveOnce, { once: true });
    return { ...reply, events: passing(reply.events, { ended: leaveOnce }) };
  }

  const layer: Layer = (inner) => {
    const ask = (request: ChatRequest, signal: AbortSignal) =>
      inner.chat(request, signal).then(
        (reply) => {
          if (reply.kind === 'stream') return held(reply, signal);
          leave();
          return reply;
        },
        (error) => {
          leave();
          throw error;
        },
      );
    return {
      chat: (request, signal) => {
        if (isFull(request)) return Promise.reject(busy());
        const place = enter(request, signal);
        return place === undefined ? ask(request, signal) : place.then(() => ask(request, signal));
      },
    };
  };

  return { layer, state: () => ({ open, waiting: line.size + returning.size, limit }) };
}

function busy(): AttemptError {
  return new AttemptError({
    cause: 'limit',
    verdict: 'next',
    countsAsFault: false,
    everyModel: true,
    answer: new ApiError(
      'provider_unavailable',
      'This server has as many calls open as it may, and its waiting line is full. Try again in a second.',
      { retryAfterMs: 1_000 },
    ),
  });
}
