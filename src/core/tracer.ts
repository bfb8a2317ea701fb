/**
 * What is said of a span, under OpenTelemetry's names. Numbers, names from closed lists and names of
 * models only: never a prompt, an answer, a key or an address.
 */
export type Attributes = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

/** A piece of work that is traced. */
export interface Span {
  /** Names the whole trace; 32 hexadecimal digits. */
  readonly traceId: string;
  /** False where a sampler left it out: nobody will read its attributes. */
  readonly isRecording: boolean;
  /** Tells whoever is called that its work is a part of this (`traceparent`, `tracestate`). */
  readonly headers: Readonly<Record<string, string>>;
  /** Begins a part of it: one call of a provider, on the wire or on this machine. */
  child(kind: 'client' | 'internal', name: string, attributes: Attributes): Span;
  /** Ends it, once; it failed where the attributes hold an `error.type`. A name replaces its own. */
  end(attributes: Attributes, name?: string): void;
}

/** Who decides which traces are recorded, under OpenTelemetry's names. */
export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

export type SamplerName = (typeof SAMPLERS)[number];

/** Takes traces in. */
export interface Tracer {
  /** Begins a caller's request, as a part of the caller's own trace where the headers name one. */
  request(
    name: string,
    headers: Readonly<Record<string, string | string[] | undefined>>,
    attributes: Attributes,
  ): Span;
}
