import type { SamplerName, Tracer } from '../core/tracer.ts';
import type { Log } from './log.ts';
import { spanQueue } from './traces/queue.ts';
import { sampler } from './traces/sampler.ts';
import { sender } from './traces/sender.ts';
import { startedSpan } from './traces/span.ts';
import { contextOf } from './traces/trace-context.ts';

type Options = {
  /** Without `/v1/traces`. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For one delivery. */
  readonly timeoutMs: number;
  /** What is said of this server: `service.name` and the like. */
  readonly resource: Readonly<Record<string, string>>;
  readonly sampler: { readonly name: SamplerName; readonly ratio: number };
  readonly version: string;
  readonly log: Log;
};

/** The tracer, and its end. */
export type Traces = {
  readonly tracer: Tracer;
  /** Delivers what is left, as far as the collector takes it in time. */
  close(): Promise<void>;
};

/**
 * Sends traces to an OpenTelemetry collector, in batches from a queue with a limit, so that a
 * collector that is slow or gone costs spans and nothing else. Loaded only where traces are wanted.
 */
export function openTraces(options: Options): Traces {
  const { version } = options;
  const isSampled = sampler(options.sampler);
  const resource = { 'service.version': version, ...options.resource };
  const queue = spanQueue({ send: sender({ ...options, resource }) });
  return {
    tracer: {
      request: (name, headers, said) => {
        const parent = contextOf(headers);
        return startedSpan({
          ...{ name, kind: 'server', attributes: said, parent, isRemote: true },
          isSampled,
          onEnd: queue.add,
        });
      },
    },
    close: queue.close,
  };
}
