import type { SamplerName } from '../../core/tracer.ts';
import type { TraceContext } from './trace-context.ts';

/** Decides whether a span is recorded. */
export type Sampler = (traceId: string, parent: TraceContext | undefined) => boolean;

/** Of the last 56 bits those that a number holds exactly. */
const DIGITS = 13;

/** By the end of the trace's id, so that every server with this ratio decides alike. */
export function sampler({ name, ratio }: { name: SamplerName; ratio: number }): Sampler {
  const least = (1 - ratio) * 16 ** DIGITS;
  const own = (traceId: string): boolean => {
    if (name.endsWith('always_on')) return true;
    if (name.endsWith('always_off')) return false;
    return Number.parseInt(traceId.slice(-DIGITS - 1, -1), 16) >= least;
  };
  if (!name.startsWith('parentbased_')) return own;
  return (traceId, parent) => parent?.isSampled ?? own(traceId);
}
