import { setTimeout as sleep } from 'node:timers/promises';
import type { Attributes } from '../../core/tracer.ts';
import { type OtlpSpan, otlpBody } from './otlp.ts';

type Options = {
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly resource: Attributes;
  readonly version: string;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
  /** Before the first repetition; each further pause is twice as long. */
  readonly pauseMs?: number;
};

/** Answers after which OTLP wants the same batch again. */
const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * Delivers batches of spans over OTLP (HTTP, JSON), each for as long as its time allows. A collector
 * that takes nothing is one line in the log, and one more when it takes spans again.
 */
export function sender(options: Options) {
  const { endpoint, timeoutMs, resource, version, log, pauseMs = 1_000 } = options;
  const headers = { ...options.headers, 'content-type': 'application/json' };
  let isLost = false;

  /** Why the collector didn't take it; undefined when it did. */
  async function post(body: string, signal: AbortSignal): Promise<Refusal | undefined> {
    try {
      const answer = await fetch(`${endpoint}/v1/traces`, {
        ...{ method: 'POST', headers, body, signal, redirect: 'error' },
      });
      await answer.body?.cancel();
      if (answer.ok) return undefined;
      const waitMs = Number(answer.headers.get('retry-after') ?? 0) * 1000;
      return { reason: `HTTP ${answer.status}`, isPassing: PASSING.has(answer.status), waitMs };
    } catch (error) {
      return { reason: reasonOf(error), isPassing: true, waitMs: 0 };
    }
  }

  function tell(refusal: Refusal | undefined): void {
    if (isLost === (refusal !== undefined)) return;
    isLost = refusal !== undefined;
    if (refusal) {
      const { reason } = refusal;
      log.warn({ reason }, 'traces are lost: OTEL_EXPORTER_OTLP_ENDPOINT does not take them');
    } else log.info({}, 'the collector takes traces again');
  }

  return async (spans: readonly OtlpSpan[], ending: AbortSignal): Promise<void> => {
    const body = otlpBody(spans, resource, version);
    const delivery = new AbortController();
    const { signal } = delivery;
    const stop = () => delivery.abort();
    const late = setTimeout(stop, timeoutMs).unref();
    ending.addEventListener('abort', stop, { once: true });
    for (let pause = pauseMs; !signal.aborted; pause *= 2) {
      const refusal = await post(body, signal);
      tell(refusal);
      if (!refusal?.isPassing) break;
      const waitMs = Math.max(pause, refusal.waitMs || 0);
      await sleep(waitMs, undefined, { signal }).catch(stop);
    }
    clearTimeout(late);
    ending.removeEventListener('abort', stop);
  };
}

type Refusal = {
  readonly reason: string;
  readonly isPassing: boolean;
  /** What it asked for. */
  readonly waitMs: number;
};

/** The code of what went wrong; a message might quote the address or the headers. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { cause } = error;
  const code = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : undefined;
  return typeof code === 'string' ? code : error.name;
}
