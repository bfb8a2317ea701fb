import { pumped } from './pumped.ts';
import { readings } from './readings.ts';

/** Takes events by plain calls, as they come. None of them throws. */
export interface Sink<T> {
  take(event: T): void;
  /** They are all through. Called once, and nothing after it; so is `fail`. */
  end(): void;
  fail(error: unknown): void;
}

/** Where events come from, in the hands of whoever takes them. */
export interface Tap {
  /** Nothing comes before the first call of it. */
  resume(): void;
  /** Until `resume`, nothing comes but what is under way. */
  pause(): void;
  /** Nobody wants the rest: nothing is told any more. Resolves when the source has stopped. */
  close(): void | Promise<void>;
}

/**
 * Events that go on to their reader by plain calls through all layers between. A promise for each and
 * at each layer costs several times as much. They can be read by a loop all the same. Read once.
 */
export interface Flow<T> extends AsyncIterable<T> {
  open(sink: Sink<T>): Tap;
}

/** A flow that is begun by `open`. */
export function flow<T>(open: (sink: Sink<T>) => Tap): Flow<T> {
  return new Opened(open);
}

/** A class for the sake of its size: a stream has one for each layer. */
class Opened<T> implements Flow<T> {
  /** Let go when it is used: those of all layers hang on one another, for as long as the stream lasts. */
  private begin: ((sink: Sink<T>) => Tap) | undefined;

  constructor(begin: (sink: Sink<T>) => Tap) {
    this.begin = begin;
  }

  open(sink: Sink<T>): Tap {
    const { begin } = this;
    if (!begin) throw new Error('a flow is read once');
    this.begin = undefined;
    return begin(sink);
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return readings((sink) => this.open(sink));
  }
}

/** Leads any events into a sink. */
export function lead<T>(events: AsyncIterable<T>, sink: Sink<T>): Tap {
  return isFlow(events) ? events.open(sink) : pumped(events, sink);
}

function isFlow<T>(events: AsyncIterable<T>): events is Flow<T> {
  return 'open' in events;
}
