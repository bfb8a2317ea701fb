import { z } from 'zod';
import { SAMPLERS } from '../core/tracer.ts';
import {
  aliases,
  areTokens,
  baseUrl,
  cron,
  decimal,
  duration,
  headerText,
  hostName,
  list,
  origins,
  proxyUrl,
  webhookUrl,
  whole,
} from './forms.ts';
import { limitsSetting, pricesSetting, splitSetting } from './groq-tables.ts';
import { haveNoFraming, pairsSetting } from './pairs.ts';

/**
 * Every setting, read from the environment: its form, its default and what it is for. The README's
 * table and `.env.example` are made from this file (`src/config/document.ts`).
 */
export const schema = z.object({
  PORT: whole(0, 65_535).default(3000).describe('Port to listen on.'),
  HOST: hostName().default('0.0.0.0').describe('Address to listen on.'),
  DATA_DIR: z.string().default('./data').describe('Where key and usage are kept (mode 0700).'),
  NODE_ENV: z
    .string()
    .default('development')
    .describe('`production` makes `ADMIN_SECRET` required.'),
  RENDER: z.string().optional().describe('Set by Render; counts as production.'),

  ADMIN_SECRET: headerText()
    .optional()
    .describe(
      'Opens `/current-key` and `/rotate-key`; at least 16 characters. Made at first boot if unset.',
    ),
  KEY_SEED: z
    .string()
    .min(16, 'at least 16 characters')
    .optional()
    .describe('Derives the key from the week instead of storing it: for hosts with no disk.'),
  KEY_GENERATION: whole(0, 1_000_000)
    .default(0)
    .describe('Raise it to turn a leaked derived key for good.'),
  KEY_ROTATION_DAYS: decimal(0.000_01, 3650).default(7).describe('Life of a client key, in days.'),
  ROTATION_CRON: cron()
    .optional()
    .describe('A predictable hour for the turn, as a cron pattern in UTC: `0 6 * * 1`.'),
  ROTATION_WEBHOOK_URL: webhookUrl()
    .optional()
    .describe('Told (signed POST) when the key turns, and a day before.'),
  ROTATION_WEBHOOK_SECRET: z
    .string()
    .optional()
    .describe('Signs what the webhook is told (HMAC-SHA256); unset: `ADMIN_SECRET` does.'),
  ROTATION_WEBHOOK_INCLUDE_KEY: z
    .enum(['true', 'false'])
    .default('false')
    .describe('`true` sends the new key along, over https only.'),

  GROQ_API_KEY: list()
    .refine(areTokens, 'keys of letters, digits and dashes, without quotes, separated by commas')
    .default([])
    .describe(
      "Groq's key; several, separated by commas, share the load. Unset: the local model answers.",
    ),
  GROQ_BASE_URL: baseUrl()
    .default('https://api.groq.com/openai/v1')
    .describe("Where Groq's API is."),
  GROQ_MODEL: z
    .string()
    .default('openai/gpt-oss-120b')
    .describe('Model for requests that name none.'),
  GROQ_FALLBACK_MODELS: list()
    .default(['openai/gpt-oss-20b'])
    .describe('Asked in this order when `GROQ_MODEL` fails.'),
  GROQ_TEMPERATURE: decimal(0, 2).optional().describe('Temperature for requests that set none.'),
  GROQ_MAX_TOKENS: whole(1, 1_000_000)
    .optional()
    .describe('Completion limit for requests that set none.'),
  GROQ_TIMEOUT_MS: duration()
    .default(60_000)
    .describe('Longest wait for a whole (not streamed) answer of one model.'),
  MODEL_ALIASES: aliases()
    .default({})
    .describe('More names for models: `fast=openai/gpt-oss-20b,smart=openai/gpt-oss-120b`.'),
  GROQ_LIMITS: limitsSetting()
    .default('auto')
    .describe(
      "Limits by model as `model=RPM/RPD/TPM/TPD`, by commas (`-` is none, `*` any other model). `auto`: the free plan's at Groq itself, elsewhere learnt from headers; `off`: none are kept.",
    ),
  GROQ_PRICES: pricesSetting()
    .default({})
    .describe(
      'Prices that differ from the table, as `model=INPUT/OUTPUT` in dollars a million tokens, by commas.',
    ),
  MODEL_SPLIT: splitSetting()
    .optional()
    .describe(
      'Tries models side by side on requests that name none (or `auto`): `openai/gpt-oss-120b=80,openai/gpt-oss-20b=20`.',
    ),
  UNKNOWN_MODEL: z
    .enum(['error', 'default'])
    .default('error')
    .describe('What a model name that Groq does not know gets: `error` or the `default` model.'),

  FIRST_TOKEN_TIMEOUT_MS: duration()
    .default(10_000)
    .describe('Longest wait for the first token of a stream.'),
  STREAM_IDLE_TIMEOUT_MS: duration()
    .default(15_000)
    .describe('Longest silence between two events of a stream.'),
  FAILOVER_BUDGET_MS: duration()
    .default(25_000)
    .describe('Time for all cloud attempts together until the first token of a stream.'),
  RETRY_ATTEMPTS: whole(1, 10).default(3).describe('Attempts a model, the first included.'),
  BREAKER_PROBE_MS: duration()
    .default(5_000)
    .describe('How long an open circuit breaker waits before it lets one probe through.'),
  MAX_CONCURRENT: whole(1, 100_000)
    .default(50)
    .describe('Open calls to Groq at a time; as many more wait in line.'),
  CALLER_RPM: whole(1, 1_000_000)
    .optional()
    .describe('Requests a minute that one caller address may make, so that none starves the rest.'),
  CACHE_TTL_S: whole(0, 31_536_000)
    .default(0)
    .describe(
      'How long answers to exact repeats (temperature 0 or seeded, no tools) are kept, in seconds; 0: no cache.',
    ),
  CACHE_MAX_MB: whole(1, 65_536).default(16).describe('Memory for kept answers.'),
  EARLY_HEADERS_MS: duration()
    .default(15_000)
    .describe('When a stream that still waits sends its headers and comment pings.'),

  LOCAL_MODEL: z
    .string()
    .default('lifeboat')
    .describe(
      'The local model: a file in `models/` (with or without `.gguf`) or an absolute path.',
    ),
  LOCAL_QUEUE: whole(0, 1000)
    .default(8)
    .describe('Requests that may wait for the local model; one more gets 503.'),
  LOCAL_THREADS: whole(1, 256)
    .optional()
    .describe('Threads of the local model; unset: from the CPU quota and the cores.'),
  LOCAL_CONTEXT: whole(128, 131_072)
    .default(1024)
    .describe('Context of the local model, in tokens (the model may allow less).'),
  LOCAL_MEMORY_MB: whole(32, 1_048_576)
    .optional()
    .describe('Cap on memory for the local model; unset: what the container or machine has.'),
  LOCAL_IDLE_UNLOAD_MS: duration()
    .default(300_000)
    .describe('Idle time after which the local model gives its memory back.'),

  TRUST_PROXY: whole(0, 10)
    .default(0)
    .describe('Trusted proxies in front (their `x-forwarded-for` names the caller).'),
  CORS_ORIGIN: origins()
    .default(['*'])
    .describe('Allowed browser origins: `*` or a list by commas.'),
  METRICS_TOKEN: headerText()
    .min(16, 'at least 16 characters')
    .optional()
    .describe('What `GET /metrics` asks for, as a bearer token; unset: everybody may read them.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: baseUrl()
    .optional()
    .describe(
      'Where traces go (OTLP over HTTP): `http://localhost:4318`; unset: no request is traced.',
    ),
  OTEL_EXPORTER_OTLP_HEADERS: pairsSetting()
    .refine(haveNoFraming, 'headers other than those that frame a request, such as content-length')
    .default({})
    .describe('Headers for the collector, as `name=value` by commas.'),
  OTEL_EXPORTER_OTLP_TIMEOUT: duration()
    .default(10_000)
    .describe('Time for one delivery of traces, in milliseconds.'),
  OTEL_SERVICE_NAME: z.string().optional().describe('What traces call this server: `keyturn`.'),
  OTEL_RESOURCE_ATTRIBUTES: pairsSetting()
    .default({})
    .describe('More that traces say of it, as `name=value` by commas.'),
  OTEL_TRACES_SAMPLER: z
    .enum(SAMPLERS)
    .default('parentbased_always_on')
    .describe('Which requests are traced, by the name that OpenTelemetry has for it.'),
  OTEL_TRACES_SAMPLER_ARG: decimal(0, 1)
    .default(1)
    .describe('The share of requests that a sampler by ratio takes, from 0 to 1.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('How much is logged.'),
  SHUTDOWN_GRACE_MS: duration()
    .default(25_000)
    .describe('How long answers may finish after SIGTERM; then they end with an error.'),
  HTTPS_PROXY: proxyUrl().optional().describe('Proxy on the way to Groq.'),
  NO_PROXY: z.string().optional().describe('Hosts that are reached without the proxy.'),
});

/** The environment after validation, by variable name. */
export type Environment = z.infer<typeof schema>;
