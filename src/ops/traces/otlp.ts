import type { Attributes } from '../../core/tracer.ts';

/** A span as OTLP's JSON has it (https://opentelemetry.io/docs/specs/otlp/). */
export type OtlpSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly flags: number;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly status: { readonly code?: number };
};

type OtlpAttribute = { readonly key: string; readonly value: OtlpValue };

type OtlpValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: number }
  | { readonly doubleValue: number }
  | { readonly arrayValue: { readonly values: readonly OtlpValue[] } };

/** Callers choose names of models; none needs more than this, in characters. */
const MAX_TEXT = 300;

/** Attributes in OTLP's form, without those that aren't known. */
export function otlpAttributes(attributes: Attributes): OtlpAttribute[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: otlpValue(value) }],
  );
}

/** The body of a delivery. */
export function otlpBody(
  spans: readonly OtlpSpan[],
  resource: Attributes,
  version: string,
): string {
  const scopeSpans = [{ scope: { name: 'keyturn', version }, spans }];
  const attributes = otlpAttributes(resource);
  return JSON.stringify({ resourceSpans: [{ resource: { attributes }, scopeSpans }] });
}

function otlpValue(value: string | number | boolean | readonly string[]): OtlpValue {
  if (typeof value === 'string') return { stringValue: value.slice(0, MAX_TEXT) };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value !== 'number') return { arrayValue: { values: value.map(otlpValue) } };
  return Number.isInteger(value) ? { intValue: value } : { doubleValue: value };
}
