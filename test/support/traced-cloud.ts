import { afterEach, beforeEach, expect } from 'vitest';
import { type Cloud, startCloud } from './cloud.ts';
import { type Collector, type HeardSpan, startCollector } from './collector.ts';

/** OpenTelemetry's numbers for the kinds of spans. */
export const KINDS = { internal: 1, server: 2, client: 3 };

/** A server that sends its spans to a collector; both are anew for each test. */
export type TracedCloud = {
  readonly cloud: Cloud;
  readonly collector: Collector;
  open(settings?: Readonly<Record<string, string>>): Promise<void>;
  /** Stops the server, which delivers what is left: the spans by their start, without the admin's. */
  heard(): Promise<HeardSpan[]>;
  /** The one request, and its attempts in order. */
  trace(): Promise<{ request: HeardSpan; attempts: HeardSpan[] }>;
};

/** For a whole file of tests, each of which opens the server with its own settings. */
export function tracedCloud(): TracedCloud {
  let collector: Collector;
  let cloud: Cloud;
  let isStopped: boolean;

  beforeEach(async () => {
    collector = await startCollector();
    isStopped = false;
  });
  afterEach(async () => {
    if (!isStopped) await cloud.stop();
    await collector.close();
  });

  async function heard(): Promise<HeardSpan[]> {
    isStopped = true;
    await cloud.stop();
    return collector
      .spans()
      .filter(({ name }) => name !== 'GET /current-key')
      .sort((one, other) => (one.startTimeUnixNano < other.startTimeUnixNano ? -1 : 1));
  }

  return {
    get cloud() {
      return cloud;
    },
    get collector() {
      return collector;
    },
    open: async (settings = {}) => {
      const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
      cloud = await startCloud({ ...endpoint, ...settings }, { answerTokens: 8, gapMs: 1 });
    },
    heard,
    trace: async () => {
      const [request, ...attempts] = await heard();
      if (!request) throw new Error('no span');
      expect(request.kind).toBe(KINDS.server);
      for (const { parentSpanId, traceId } of attempts) {
        expect({ parentSpanId, traceId }).toEqual({
          parentSpanId: request.spanId,
          traceId: request.traceId,
        });
      }
      return { request, attempts };
    },
  };
}
