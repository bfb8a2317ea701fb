import { type Flow, flow, lead, type Sink, type Tap } from './flow.ts';

/**
 * Events that go on with others when they fail: `otherwise` says with which, or throws what they end
 * with. What the others fail with is final.
 */
export function orElse<T>(
  events: AsyncIterable<T>,
  otherwise: (error: unknown) => AsyncIterable<T>,
): Flow<T> {
  return flow((sink) => {
    let isPaused = true;
    let source: Tap = lead(events, {
      take: (event) => sink.take(event),
      end: () => sink.end(),
      fail: (error) => {
        const next = attempt(() => otherwise(error), sink);
        if (!next) return;
        source = lead(next, sink);
        if (!isPaused) source.resume();
      },
    });
    return {
      resume: () => {
        isPaused = false;
        source.resume();
      },
      pause: () => {
        isPaused = true;
        source.pause();
      },
      close: () => source.close(),
    };
  });
}

function attempt<T>(make: () => T, sink: Sink<unknown>): T | undefined {
  try {
    return make();
  } catch (error) {
    sink.fail(error);
    return undefined;
  }
}
