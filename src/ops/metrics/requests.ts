import type { Registry } from 'prom-client';
import { counter, histogram } from './instruments.ts';
import { providerLabel, remembered } from './labels.ts';

/** A request that is over. Times in milliseconds. */
export type RequestFacts = {
  /** The route's pattern, never the path that a caller wrote. */
  readonly route: string;
  readonly status: number;
  readonly servedBy?: string | undefined;
  /** Providers that failed before, by cause. */
  readonly causes: readonly string[];
  readonly usage?:
    | { readonly prompt_tokens: number; readonly completion_tokens: number }
    | undefined;
  readonly durationMs: number;
  /** Until the answer began; a whole answer has no first token. */
  readonly firstTokenMs?: number | undefined;
  /** Spent here: neither in receiving the request nor in waiting for a provider. */
  readonly overheadMs?: number | undefined;
  /** Why the server refused it or failed, as its error's code. */
  readonly error?: string | undefined;
};

/** From a cache hit of a fast provider to a long answer of a slow CPU, in seconds. */
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60, 120, 300];
/** From 2,000 tokens a second to one in two seconds. */
const TOKEN_TIMES = [0.0005, 0.001, 0.002, 0.004, 0.008, 0.015, 0.03, 0.06, 0.125, 0.25, 0.5, 1, 2];
/** OpenTelemetry's advice for gen_ai.client.token.usage. */
const TOKEN_COUNTS = [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144];
const OVERHEADS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25];

const MODEL_LABELS = ['gen_ai_provider_name', 'gen_ai_response_model'] as const;

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
  const tokenTimes = histogram(register, {
    name: 'gen_ai_server_time_per_output_token_seconds',
    help: 'Of a streamed answer, after its first token.',
    labelNames: MODEL_LABELS,
    buckets: TOKEN_TIMES,
  });
  const tokens = histogram(register, {
    name: 'gen_ai_client_token_usage',
    help: 'Tokens a request, by direction and model.',
    labelNames: ['gen_ai_token_type', ...MODEL_LABELS],
    buckets: TOKEN_COUNTS,
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
      tokenTime: tokenTimes(provider, model),
      input: tokens('input', provider, model),
      output: tokens('output', provider, model),
    };
  };
  const modelOf = remembered(bound);
  const durationOf = remembered(durations);
  const causeOf = remembered(fallbacks);
  const errorOf = remembered(errors);
  const requestOf = remembered((line) => requests(...line.split(' ')));
  const overhead = overheads();

  return ({ route, status, servedBy, causes, usage, durationMs, firstTokenMs, ...rest }) => {
    const model = modelOf(providerLabel(servedBy, isKnownModel));
    requestOf(`${route} ${status} ${model.servedBy}`)();
    durationOf(route)(durationMs / 1000);
    if (rest.overheadMs !== undefined) overhead(rest.overheadMs / 1000);
    if (servedBy) for (const cause of causes) causeOf(cause)();
    if (rest.error) errorOf(rest.error)();
    if (firstTokenMs !== undefined) model.firstToken(firstTokenMs / 1000);
    if (!usage) return;
    model.input(usage.prompt_tokens);
    model.output(usage.completion_tokens);
    if (firstTokenMs !== undefined && usage.completion_tokens > 1) {
      const restMs = Math.max(0, durationMs - firstTokenMs);
      model.tokenTime(restMs / 1000 / (usage.completion_tokens - 1));
    }
  };
}
