/** Where a span stands in its trace, as W3C's Trace Context passes it on. */
export type TraceContext = {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  readonly isSampled: boolean;
  /** What other vendors pass on, as it came. */
  readonly state?: string | undefined;
};

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;
const NOTHING = /^0+$/;

/** Visible characters and blanks, no more than vendors must pass on. */
const TRACESTATE = /^[\x20-\x7e]{1,512}$/;

/**
 * The span that a caller's headers name (https://www.w3.org/TR/trace-context/); undefined where they
 * name none, or not as the standard says.
 */
export function contextOf({ traceparent, tracestate }: Headers): TraceContext | undefined {
  const given = typeof traceparent === 'string' ? traceparent.trim() : '';
  const [, version, traceId = '', spanId = '', flags = '', more] = TRACEPARENT.exec(given) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more)) return undefined;
  if (NOTHING.test(traceId) || NOTHING.test(spanId)) return undefined;
  const state = typeof tracestate === 'string' ? tracestate.trim() : '';
  const isSampled = (Number.parseInt(flags, 16) & 1) === 1;
  return { traceId, spanId, isSampled, state: TRACESTATE.test(state) ? state : undefined };
}

/** The headers that name a span to whoever is called. */
export function headersOf({ traceId, spanId, isSampled, state }: TraceContext) {
  const traceparent = `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
  return state === undefined ? { traceparent } : { traceparent, tracestate: state };
}
