import type { OtlpSpan } from './otlp.ts';

type Options = {
  /** Delivers one batch; never rejects, and ends early on the signal. */
  readonly send: (spans: readonly OtlpSpan[], signal: AbortSignal) => Promise<void>;
  readonly maxWaiting?: number;
  readonly maxBatch?: number;
  readonly delayMs?: number;
  /** How long `close` may take. */
  readonly closeMs?: number;
};

/** Spans that wait for their delivery. */
export type SpanQueue = {
  /** Takes a span in, or drops it where too many wait already. */
  add(span: OtlpSpan): void;
  /** Delivers what waits; what isn't delivered in time is dropped. */
  close(): Promise<void>;
};

/** Gathers spans into batches; one is under way at a time. The numbers are OpenTelemetry's own. */
export function spanQueue(options: Options): SpanQueue {
  const { send, maxWaiting = 2048, maxBatch = 512, delayMs = 5_000, closeMs = 3_000 } = options;
  const ending = new AbortController();
  let waiting: OtlpSpan[] = [];
  let timer: NodeJS.Timeout | undefined;
  let underway: Promise<void> | undefined;
  let isClosed = false;

  async function deliver(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const batch = waiting.slice(0, maxBatch);
    waiting = waiting.slice(maxBatch);
    await send(batch, ending.signal);
    underway = undefined;
    schedule();
  }

  function start(): void {
    underway = deliver();
  }

  function schedule(): void {
    if (underway || waiting.length === 0) return;
    if (isClosed || waiting.length >= maxBatch) start();
    else timer ??= setTimeout(start, delayMs).unref();
  }

  return {
    add: (span) => {
      if (isClosed || waiting.length >= maxWaiting) return;
      waiting.push(span);
      schedule();
    },
    close: async () => {
      isClosed = true;
      const late = setTimeout(() => ending.abort(), closeMs);
      for (schedule(); underway && !ending.signal.aborted; schedule()) await underway;
      clearTimeout(late);
    },
  };
}
