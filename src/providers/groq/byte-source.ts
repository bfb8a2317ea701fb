import type { Sink, Tap } from '../../core/flow.ts';

/** A body that is being received, read piece by piece, or led into a sink. */
export interface ByteSource {
  /**
   * The next bytes; undefined at the proper end of the body.
   *
   * @throws the transport's error when the body breaks off, or the reason it was cancelled with.
   */
  read(): Promise<Uint8Array | undefined>;
  /** The whole body in one piece, where it came so and is in already; else it is to be read. */
  whole(): Uint8Array | undefined;
  /** Leads the rest into a sink; fails as `read` throws. Closing it stops receiving. */
  open(sink: Sink<Uint8Array>): Tap;
  /** Stops receiving and closes the connection. */
  cancel(reason: Error): void;
}

type Flow = { pause(): void; resume(): void; abort(reason: Error): void };

type Reader = { resolve(bytes: Uint8Array | undefined): void; reject(error: unknown): void };

/** Bytes that may wait for their reader before the sender is slowed down. */
const HIGH_WATER = 64 * 1024;

/** A queue between transport and reader; a slow reader pauses the transport. */
export class ByteQueue implements ByteSource {
  private readonly flow: Flow;
  private readonly queue: Uint8Array[] = [];
  private queuedBytes = 0;
  private isPaused = false;
  private isOver = false;
  /** What it ended with, if not properly. */
  private failure: { readonly error: unknown } | undefined;
  private waiting: Reader | undefined;
  private sink: Sink<Uint8Array> | undefined;
  /** The sink wants nothing at present. */
  private isHeld = true;
  /** What comes now comes after what is just being handed over. */
  private isFlushing = false;
  private isTold = false;

  constructor(flow: Flow) {
    this.flow = flow;
  }

  /** The transport has bytes. */
  push(bytes: Uint8Array): void {
    if (this.isOver) return;
    if (this.sink && !this.isHeld && !this.isFlushing) return void this.sink.take(bytes);
    const reader = this.waiting;
    if (reader) {
      this.waiting = undefined;
      reader.resolve(bytes);
      return;
    }
    this.queue.push(bytes);
    this.queuedBytes += bytes.length;
    if (this.queuedBytes >= HIGH_WATER && !this.isPaused) {
      this.isPaused = true;
      this.flow.pause();
    }
  }

  /** The transport has them all. */
  end(): void {
    this.settle(undefined);
  }

  /** The transport failed. */
  fail(error: unknown): void {
    this.settle({ error });
  }

  read(): Promise<Uint8Array | undefined> {
    const bytes = this.queue.shift();
    if (bytes) {
      this.taken(bytes);
      return Promise.resolve(bytes);
    }
    if (this.failure) return Promise.reject(this.failure.error);
    if (this.isOver) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
    });
  }

  whole(): Uint8Array | undefined {
    if (!this.isOver || this.failure || this.queue.length !== 1) return undefined;
    return this.queue.shift();
  }

  open(sink: Sink<Uint8Array>): Tap {
    this.sink = sink;
    return {
      resume: () => {
        this.isHeld = false;
        this.flush();
      },
      pause: () => {
        this.isHeld = true;
      },
      close: () => {
        this.sink = undefined;
        this.cancel(new Error('the stream is not read any further'));
      },
    };
  }

  cancel(reason: Error): void {
    this.queue.length = 0;
    this.fail(reason);
    this.tell();
    this.flow.abort(reason);
  }

  private taken({ length }: Uint8Array): void {
    this.queuedBytes -= length;
    if (!this.isPaused || this.queuedBytes >= HIGH_WATER) return;
    this.isPaused = false;
    this.flow.resume();
  }

  private settle(failure: { readonly error: unknown } | undefined): void {
    if (!this.isOver) this.failure = failure;
    this.isOver = true;
    const reader = this.waiting;
    this.waiting = undefined;
    if (this.failure) reader?.reject(this.failure.error);
    else reader?.resolve(undefined);
    if (!this.isHeld && !this.isFlushing && this.queue.length === 0) this.tell();
  }

  /** Hands the sink what waits for it; the transport may bring more, or its end, meanwhile. */
  private flush(): void {
    if (this.isFlushing) return;
    this.isFlushing = true;
    for (let next = this.next(); next && !this.isTold; next = this.next()) this.sink?.take(next);
    this.isFlushing = false;
    if (this.isOver && !this.isHeld && this.queue.length === 0) this.tell();
  }

  private next(): Uint8Array | undefined {
    const bytes = this.isHeld ? undefined : this.queue.shift();
    if (bytes) this.taken(bytes);
    return bytes;
  }

  private tell(): void {
    if (this.isTold || !this.sink) return;
    this.isTold = true;
    if (this.failure) this.sink.fail(this.failure.error);
    else this.sink.end();
  }
}
