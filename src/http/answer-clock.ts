import type { Provider } from '../core/provider.ts';
import type { NativeProvider } from '../core/relay.ts';

/** When a request was handed to its provider, and when its answer began. */
export type AnswerTimes = {
  readonly askedAt: number;
  begunAt: number | undefined;
  readonly isStream: boolean;
};

type Watched = { readonly id: string; readonly params: { readonly stream?: unknown } };

/** Watches providers from the outside. Times are those of `performance.now()`. */
export type AnswerClock = {
  /** The provider, watched. */
  watched<T extends Provider>(provider: T): T;
  watchedNative(provider: NativeProvider): NativeProvider;
  /** Gives what is known of a request, and forgets it. */
  take(requestId: string): AnswerTimes | undefined;
};

/** For one server. What is remembered is taken when its request is over. */
export function answerClock(): AnswerClock {
  const times = new Map<string, AnswerTimes>();

  function asked(request: Watched, signal: AbortSignal): AnswerTimes {
    const isStream = request.params.stream === true;
    const mine: AnswerTimes = { askedAt: performance.now(), begunAt: undefined, isStream };
    // Whoever has hung up is over already: nobody would take what is remembered.
    if (!signal.aborted) times.set(request.id, mine);
    return mine;
  }

  function begun<T>(mine: AnswerTimes, pending: Promise<T>): Promise<T> {
    return pending.then((reply) => {
      mine.begunAt = performance.now();
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
    take: (requestId) => {
      const mine = times.get(requestId);
      times.delete(requestId);
      return mine;
    },
  };
}
