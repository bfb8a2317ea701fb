import type { Provider } from '../core/provider.ts';
import type { NativeProvider } from '../core/relay.ts';

/** When a request was handed to its provider, and when its answer began. */
export type AnswerTimes = {
  readonly askedAt: number;
  begunAt: number | undefined;
  readonly isStream: boolean;
};

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

  async function watch<T>(
    { id, params }: { readonly id: string; readonly params: { readonly stream?: unknown } },
    signal: AbortSignal,
    ask: () => Promise<T>,
  ): Promise<T> {
    // Whoever has hung up is over already: nobody would take what is remembered.
    if (signal.aborted) return ask();
    const isStream = params.stream === true;
    const mine: AnswerTimes = { askedAt: performance.now(), begunAt: undefined, isStream };
    times.set(id, mine);
    const reply = await ask();
    mine.begunAt = performance.now();
    return reply;
  }

  return {
    watched: (provider) => ({
      ...provider,
      chat: (request, signal) => watch(request, signal, () => provider.chat(request, signal)),
    }),
    watchedNative: (provider) => ({
      relay: (request, signal) => watch(request, signal, () => provider.relay(request, signal)),
    }),
    take: (requestId) => {
      const mine = times.get(requestId);
      times.delete(requestId);
      return mine;
    },
  };
}
