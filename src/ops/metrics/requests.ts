import type { Registry } from 'prom-client';
import { counter, histogram } from './instruments.ts';
import { DURATIONS, MODEL_LABELS, providerLabel, remembered } from './labels.ts';

/** A request that is over. Times in milliseconds. */
export type RequestFacts = {
  /** The route's pattern, never the path that a caller wrote. */
  readonly route: string;
  readonly status: number;
  readonly servedBy?: string | undefined;
  /** Providers that failed before, by cause. */
  readonly causes: readonly string[];
  readonly durationMs: number;
  /** Until the answer began; a whole answer has no first token. */
  readonly firstTokenMs?: number | undefined;
  /** Spent here: neither in receiving the request nor in waiting for a provider. */
  readonly overheadMs?: number | undefined;
  /** Why the server refused it or failed, as its error's code. */
  readonly error?: string | undefined;
};

const OVERHEADS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25];

/**
 * What requests leave behind. Names follow Prometheus' rules and OpenTelemetry's conventions for
 * HTTP and generative AI where they have one (https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/).
 */
export function requestMetrics(
  register: Registry,
  isKnownModel: (model: string) => boolean,
): (facts: RequestFacts) => void {
  const requests = counter(register, {
    name: 'keyturn_requests_total',
    help: 'Requests that are over, by route, status and who answered.',
    labelNames: ['route', 'status', 'served_by'],
  });
  const durations = histogram(register, {
    name: 'http_server_request_duration_seconds',
    help: 'From the request to the last byte of its answer.',
    labelNames: ['http_route'],
    buckets: DURATIONS,
  });
  const firstTokens = histogram(register, {
    name: 'gen_ai_server_time_to_first_token_seconds',
    help: 'From asking the first provider to the first token of a streamed answer.',
    labelNames: MODEL_LABELS,
    buckets: DURATIONS,
  });
  const overheads = histogram(register, {
    name: 'keyturn_overhead_seconds',
    help: "The server's own share of a request: without receiving it, and without its provider.",
    buckets: OVERHEADS,
  });
  const fallbacks = counter(register, {
    name: 'keyturn_fallbacks_total',
    help: 'Providers that failed before another one answered, by cause.',
    labelNames: ['cause'],
  });
  const errors = counter(register, {
    name: 'keyturn_errors_total',
    help: 'Requests that ended with an error of this server, by its code.',
    labelNames: ['code'],
  });

  const bound = (name: string) => {
    const [provider = '', ...rest] = name.split('/');
    const model = rest.join('/') || provider;
    return {
      servedBy: name,
      firstToken: firstTokens(provider, model),
    };
  };
  const modelOf = remembered(bound);
  const durationOf = remembered(durations);
  const causeOf = remembered(fallbacks);
  const errorOf = remembered(errors);
  // A model's name may hold blanks; it stands last.
  const requestOf = remembered((line) => {
    const [route = '', status = '', ...servedBy] = line.split(' ');
    return requests(route, status, servedBy.join(' '));
  });
  const overhead = overheads();

  return ({ route, status, servedBy, causes, durationMs, firstTokenMs, ...rest }) => {
    const model = modelOf(providerLabel(servedBy, isKnownModel));
    requestOf(`${route} ${status} ${model.servedBy}`)();
    durationOf(route)(durationMs / 1000);
    if (rest.overheadMs !== undefined) overhead(rest.overheadMs / 1000);
    if (servedBy) for (const cause of causes) causeOf(cause)();
    if (rest.error) errorOf(rest.error)();
    if (firstTokenMs !== undefined) model.firstToken(firstTokenMs / 1000);
  };
}
