import { randomBytes } from 'node:crypto';
import type { Attributes, Span } from '../../core/tracer.ts';
import { type OtlpSpan, otlpAttributes } from './otlp.ts';
import type { Sampler } from './sampler.ts';
import { headersOf, type TraceContext } from './trace-context.ts';

type Start = {
  readonly name: string;
  readonly kind: keyof typeof KINDS;
  readonly attributes: Attributes;
  readonly parent: TraceContext | undefined;
  /** Whether the parent is another process's. */
  readonly isRemote: boolean;
  readonly isSampled: Sampler;
  readonly onEnd: (span: OtlpSpan) => void;
  /** Milliseconds since 1970, going on steadily. */
  readonly now?: () => number;
};

/** OTLP's numbers. */
const KINDS = { internal: 1, server: 2, client: 3 } as const;
const SAMPLED = 1;
const KNOWS_ITS_PARENT = 0x100;
const PARENT_IS_REMOTE = 0x200;
const STATUS_ERROR = 2;

/** A span that has begun. Its children count time from the same moment, whatever the clock does. */
export function startedSpan(start: Start): Span {
  const { parent, isRemote, isSampled, now = steadyTime(), onEnd } = start;
  const traceId = parent?.traceId ?? randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  const isRecording = isSampled(traceId, parent);
  const context = { traceId, spanId, isSampled: isRecording, state: parent?.state };
  const since = now();

  function record(attributes: Attributes, name: string): OtlpSpan {
    const remote = isRemote && parent ? PARENT_IS_REMOTE : 0;
    return {
      traceId,
      spanId,
      ...(parent ? { parentSpanId: parent.spanId } : {}),
      ...(parent?.state ? { traceState: parent.state } : {}),
      flags: SAMPLED | KNOWS_ITS_PARENT | remote,
      name,
      kind: KINDS[start.kind],
      startTimeUnixNano: nanoseconds(since),
      endTimeUnixNano: nanoseconds(now()),
      attributes: otlpAttributes({ ...start.attributes, ...attributes }),
      status: attributes['error.type'] === undefined ? {} : { code: STATUS_ERROR },
    };
  }

  return {
    traceId,
    isRecording,
    headers: headersOf(context),
    child: (kind, name, attributes) =>
      startedSpan({
        ...{ name, kind, attributes, parent: context, isRemote: false, now, onEnd },
        // What was decided for a request holds for its parts.
        isSampled: () => isRecording,
      }),
    end: (attributes, name = start.name) => {
      if (isRecording) onEnd(record(attributes, name));
    },
  };
}

/** The wall clock's time at the start, then the steady clock's. */
function steadyTime(): () => number {
  const offset = Date.now() - performance.now();
  return () => offset + performance.now();
}

/** As OTLP writes them: digits, since JSON's numbers don't reach. */
function nanoseconds(ms: number): string {
  return `${Math.floor(ms)}${String(Math.floor((ms % 1) * 1e6)).padStart(6, '0')}`;
}
