import type { Provider } from '../core/provider.ts';
import type { NativeProvider } from '../core/relay.ts';
import type { Tally } from '../core/tally.ts';

/** When a request was handed to its provider, and when its answer began. */
export type AnswerTimes = {
  readonly askedAt: number;
  begunAt: number | undefined;
  readonly isStream: boolean;
};

type Watched = {
  readonly tally?: Tally | undefined;
  readonly params: { readonly stream?: unknown };
};

/** Watches providers from the outside. Times are those of `performance.now()`. */
export type AnswerClock = {
  /** The provider, watched. */
  watched<T extends Provider>(provider: T): T;
  watchedNative(provider: NativeProvider): NativeProvider;
  /** Gives what is known of a request, and forgets it. */
  take(tally: Tally | undefined): AnswerTimes | undefined;
};

/**
 * For one server. A request is known by its tally: callers name theirs as they like, several the same.
 * What is remembered is taken when its request is over; a WeakMap would cost eight times as much.
 */
export function answerClock(): AnswerClock {
  const times = new Map<Tally, AnswerTimes>();

  function asked({ params, tally }: Watched, signal: AbortSignal): AnswerTimes {
    const known = tally && times.get(tally);
    if (known) return known;
    const isStream = params.stream === true;
    const mine: AnswerTimes = { askedAt: performance.now(), begunAt: undefined, isStream };
    // Whoever has hung up is over already: nobody would take what is remembered.
    if (tally && !signal.aborted) times.set(tally, mine);
    return mine;
  }

  function begun<T>(mine: AnswerTimes, pending: Promise<T>): Promise<T> {
    return pending.then((reply) => {
      // Several prompts are asked one after the other: a stream begins with the first, a whole answer
      // is there with the last.
      if (!mine.isStream || mine.begunAt === undefined) mine.begunAt = performance.now();
      return reply;
    });
  }

  return {
    watched: (provider) => ({
      ...provider,
      chat: (request, signal) => begun(asked(request, signal), provider.chat(request, signal)),
    }),
    watchedNative: (provider) => ({
      relay: (request, signal) => begun(asked(request, signal), provider.relay(request, signal)),
    }),
    take: (tally) => {
      const mine = tally && times.get(tally);
      if (tally) times.delete(tally);
      return mine;
    },
  };
}
