import { type Flow, flow, lead, type Sink, type Tap } from './flow.ts';

/** What is told of events that go by. */
type Watcher<T> = {
  /** One is waited for. */
  readonly asked?: () => void;
  readonly seen?: (event: T) => void;
  /** Once: they are all through, their reader left early, or they broke off with an error. */
  readonly ended?: (how: 'done' | 'left' | 'failed', error?: unknown) => void;
};

/** Events on their way from one reader to the next, watched. */
export function passing<T>(events: AsyncIterable<T>, watcher: Watcher<T>): Flow<T> {
  return flow((sink) => new Passage(events, watcher, sink));
}

/** A class for the sake of its size: a stream has several. */
class Passage<T> implements Sink<T>, Tap {
  private readonly watcher: Watcher<T>;
  private readonly sink: Sink<T>;
  private readonly source: Tap;
  private isPaused = true;
  private isOver = false;

  constructor(events: AsyncIterable<T>, watcher: Watcher<T>, sink: Sink<T>) {
    this.watcher = watcher;
    this.sink = sink;
    this.source = lead(events, this);
  }

  take(event: T): void {
    this.watcher.seen?.(event);
    this.sink.take(event);
    if (!this.isPaused && !this.isOver) this.watcher.asked?.();
  }

  end(): void {
    this.over('done');
    this.sink.end();
  }

  fail(error: unknown): void {
    this.over('failed', error);
    this.sink.fail(error);
  }

  resume(): void {
    this.isPaused = false;
    if (!this.isOver) this.watcher.asked?.();
    this.source.resume();
  }

  pause(): void {
    this.isPaused = true;
    this.source.pause();
  }

  async close(): Promise<void> {
    try {
      await this.source.close();
    } finally {
      this.over('left');
    }
  }

  private over(how: 'done' | 'left' | 'failed', error?: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    this.watcher.ended?.(how, error);
  }
}
