/** A body that is being received, read piece by piece. */
export interface ByteSource {
  /**
   * The next bytes; undefined at the proper end of the body.
   *
   * @throws the transport's error when the body breaks off, or the reason it was cancelled with.
   */
  read(): Promise<Uint8Array | undefined>;
  /** Stops receiving and closes the connection. */
  cancel(reason: Error): void;
}

type Flow = { pause(): void; resume(): void; abort(reason: Error): void };

/** The end at which the transport puts bytes in. */
export type ByteSink = {
  readonly source: ByteSource;
  push(bytes: Uint8Array): void;
  end(): void;
  fail(error: unknown): void;
};

/** Bytes that may wait for their reader before the sender is slowed down. */
const HIGH_WATER = 64 * 1024;

/** A queue between transport and reader; a slow reader pauses the transport. */
export function byteSink(flow: Flow): ByteSink {
  const queue: Uint8Array[] = [];
  let queuedBytes = 0;
  let isPaused = false;
  let outcome: { error?: unknown } | undefined;
  let waiting:
    | { resolve(bytes: Uint8Array | undefined): void; reject(error: unknown): void }
    | undefined;

  function settle(how: { error?: unknown }): void {
    outcome ??= how;
    if (!waiting) return;
    const reader = waiting;
    waiting = undefined;
    if ('error' in outcome) reader.reject(outcome.error);
    else reader.resolve(undefined);
  }

  const source: ByteSource = {
    read: () => {
      const bytes = queue.shift();
      if (bytes) {
        queuedBytes -= bytes.length;
        if (isPaused && queuedBytes < HIGH_WATER) {
          isPaused = false;
          flow.resume();
        }
        return Promise.resolve(bytes);
      }
      if (outcome) {
        return 'error' in outcome ? Promise.reject(outcome.error) : Promise.resolve(undefined);
      }
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      });
    },
    cancel: (reason) => {
      queue.length = 0;
      settle({ error: reason });
      flow.abort(reason);
    },
  };

  return {
    source,
    push: (bytes) => {
      if (outcome) return;
      if (waiting) {
        const reader = waiting;
        waiting = undefined;
        return reader.resolve(bytes);
      }
      queue.push(bytes);
      queuedBytes += bytes.length;
      if (queuedBytes >= HIGH_WATER && !isPaused) {
        isPaused = true;
        flow.pause();
      }
    },
    end: () => settle({}),
    fail: (error) => settle({ error }),
  };
}
