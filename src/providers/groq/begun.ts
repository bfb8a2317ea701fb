import { type Flow, flow, lead, type Sink, type Tap } from '../../core/flow.ts';
import { garbage } from './faults.ts';

/** Events before the answer begins that are held back; more is no answer. */
const MAX_HELD_EVENTS = 1_000;

/**
 * Waits until an answer has begun. What came before that is held back until then, and comes first in
 * the events that it resolves with; leaving those early stops the rest.
 *
 * @throws AttemptError when it ends without a beginning; whatever the events throw.
 */
export function begun<T>(
  events: AsyncIterable<T>,
  isBeginning: (event: T) => boolean,
): Promise<Flow<T>> {
  return new Promise((resolve, reject) => {
    const beginning = new Beginning(events, isBeginning, resolve, reject);
    beginning.source.resume();
  });
}

class Beginning<T> implements Sink<T>, Tap {
  readonly source: Tap;
  private readonly isBeginning: (event: T) => boolean;
  private readonly resolve: (events: Flow<T>) => void;
  private readonly reject: (error: unknown) => void;
  private readonly held: T[] = [];
  private hasBegun = false;
  private isPaused = true;
  private sink: Sink<T> | undefined;
  /** What is to be told once nothing is held any more. */
  private last: ((sink: Sink<T>) => void) | undefined;

  constructor(
    events: AsyncIterable<T>,
    isBeginning: (event: T) => boolean,
    resolve: (events: Flow<T>) => void,
    reject: (error: unknown) => void,
  ) {
    this.isBeginning = isBeginning;
    this.resolve = resolve;
    this.reject = reject;
    this.source = lead(events, this);
  }

  take(event: T): void {
    if (!this.isPaused) return void this.sink?.take(event);
    this.held.push(event);
    if (!this.hasBegun) this.look(event);
  }

  end(): void {
    if (this.hasBegun) this.tell((sink) => sink.end());
    else this.reject(garbage(new Error('an answer without a beginning')));
  }

  fail(error: unknown): void {
    if (this.hasBegun) this.tell((sink) => sink.fail(error));
    else this.reject(error);
  }

  resume(): void {
    this.isPaused = false;
    while (!this.isPaused && this.held.length > 0) this.sink?.take(this.held.shift() as T);
    if (this.isPaused) return;
    const { last } = this;
    this.last = undefined;
    if (last) this.tell(last);
    else this.source.resume();
  }

  pause(): void {
    this.isPaused = true;
    this.source.pause();
  }

  close(): void | Promise<void> {
    return this.source.close();
  }

  private look(event: T): void {
    if (this.isBeginning(event)) {
      this.hasBegun = true;
      this.source.pause();
      this.resolve(flow((sink) => this.into(sink)));
    } else if (this.held.length > MAX_HELD_EVENTS) {
      void this.source.close();
      this.reject(garbage(new Error('a stream of events without content')));
    }
  }

  private into(sink: Sink<T>): Tap {
    this.sink = sink;
    return this;
  }

  private tell(last: (sink: Sink<T>) => void): void {
    if (this.sink && this.held.length === 0) last(this.sink);
    else this.last = last;
  }
}
