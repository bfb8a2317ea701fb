import type { Registry } from 'prom-client';
import type { AttemptRecord } from '../../core/tally.ts';
import { counter, histogram } from './instruments.ts';
import { DURATIONS, MODEL_LABELS, providerLabel, remembered } from './labels.ts';

/** From 2,000 tokens a second to one in two seconds. */
const TOKEN_TIMES = [0.0005, 0.001, 0.002, 0.004, 0.008, 0.015, 0.03, 0.06, 0.125, 0.25, 0.5, 1, 2];
/** OpenTelemetry's advice for gen_ai.client.token.usage. */
const TOKEN_COUNTS = [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144];

/** A whole answer comes at once: what passes between its first token and its last is no time. */
const AT_ONCE_MS = 1;

/**
 * What each call of a provider leaves behind, as OpenTelemetry names it
 * (https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/).
 */
export function attemptMetrics(
  register: Registry,
  isKnownModel: (model: string) => boolean,
): (record: AttemptRecord, dollars: number) => void {
  const durations = histogram(register, {
    name: 'gen_ai_client_operation_duration_seconds',
    help: 'One call of a provider, from asking it to its last token; error_type where it failed.',
    labelNames: [...MODEL_LABELS, 'error_type'],
    buckets: DURATIONS,
  });
  const tokens = histogram(register, {
    name: 'gen_ai_client_token_usage',
    help: 'Tokens of a call, by direction and model.',
    labelNames: [...MODEL_LABELS, 'gen_ai_token_type'],
    buckets: TOKEN_COUNTS,
  });
  const tokenTimes = histogram(register, {
    name: 'gen_ai_server_time_per_output_token_seconds',
    help: 'Of a streamed call, after its first token.',
    labelNames: MODEL_LABELS,
    buckets: TOKEN_TIMES,
  });
  const costs = counter(register, {
    name: 'keyturn_cost_usd_total',
    help: 'What the calls cost by the price list, in US dollars.',
    labelNames: ['model'],
  });

  const modelOf = remembered((label) => {
    const [provider = '', ...model] = label.split('/');
    const name = model.join('/');
    return {
      duration: remembered((error) => durations(provider, name, error)),
      input: tokens(provider, name, 'input'),
      output: tokens(provider, name, 'output'),
      tokenTime: tokenTimes(provider, name),
      cost: costs(label),
    };
  });

  return ({ provider, outcome, usage, ms, firstTokenMs }, dollars) => {
    const model = modelOf(providerLabel(provider, isKnownModel));
    model.duration(outcome === 'ok' ? '' : outcome)(ms / 1000);
    if (!usage) return;
    model.input(usage.prompt_tokens);
    model.output(usage.completion_tokens);
    if (dollars > 0) model.cost(dollars);
    if (firstTokenMs === undefined || usage.completion_tokens < 2) return;
    const restMs = ms - firstTokenMs;
    if (restMs >= AT_ONCE_MS) model.tokenTime(restMs / 1000 / (usage.completion_tokens - 1));
  };
}
