import { type Environment, schema } from './schema.ts';

/** Typed settings, in the slices that the parts of the server take. */
export type Settings = ReturnType<typeof toSettings>;

/** A start that can't work: every wrong setting by name, with what was expected. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * Reads and validates the settings.
 *
 * @param environment `process.env`, or a test's own.
 * @throws SettingsError that names every wrong setting at once. Values are never repeated, since
 *   they may be secrets.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.entries(environment)
    .map(([name, value]) => [name, value?.trim()] as const)
    .filter(([, value]) => value);
  const set = lowerCaseProxies(Object.fromEntries(given));
  const parsed = schema.safeParse(set);
  const complaints = isProduction(set) && !set['ADMIN_SECRET'] ? [SECRET_MISSING] : [];
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) =>
        `  ${path.join('.')}: expected ${message.replace(/^Invalid (input|option): expected /, '')}`,
    );
    complaints.unshift(`These settings are wrong:\n${[...new Set(problems)].join('\n')}`);
  }
  if (!parsed.success || complaints.length > 0) throw new SettingsError(complaints.join('\n'));
  return toSettings(parsed.data);
}

const SECRET_MISSING =
  'ADMIN_SECRET is required in production: without it nobody could fetch the key.\n' +
  'Set it to a random text of at least 16 characters, for example the output of: openssl rand -hex 24';

function isProduction(environment: Pick<Partial<Environment>, 'NODE_ENV' | 'RENDER'>): boolean {
  return environment.NODE_ENV === 'production' || environment.RENDER !== undefined;
}

/** curl and friends write these in lower case as well. */
function lowerCaseProxies(
  given: Record<string, string | undefined>,
): Record<string, string | undefined> {
  return {
    ...given,
    HTTPS_PROXY: given['HTTPS_PROXY'] ?? given['https_proxy'],
    NO_PROXY: given['NO_PROXY'] ?? given['no_proxy'],
  };
}

/** Undefined where no traces are wanted. */
function tracesOf(environment: Environment) {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_RESOURCE_ATTRIBUTES: said } = environment;
  if (endpoint === undefined) return undefined;
  const name = environment.OTEL_SERVICE_NAME ?? said['service.name'] ?? 'keyturn';
  return {
    endpoint,
    headers: environment.OTEL_EXPORTER_OTLP_HEADERS,
    timeoutMs: environment.OTEL_EXPORTER_OTLP_TIMEOUT,
    resource: { ...said, 'service.name': name },
    sampler: {
      name: environment.OTEL_TRACES_SAMPLER,
      ratio: environment.OTEL_TRACES_SAMPLER_ARG,
    },
  };
}

function toSettings(environment: Environment) {
  return {
    host: environment.HOST,
    port: environment.PORT,
    dataDir: environment.DATA_DIR,
    production: isProduction(environment),
    logLevel: environment.LOG_LEVEL,
    shutdownGraceMs: environment.SHUTDOWN_GRACE_MS,
    metricsToken: environment.METRICS_TOKEN,
    traces: tracesOf(environment),
    keys: {
      adminSecret: environment.ADMIN_SECRET,
      seed: environment.KEY_SEED,
      generation: environment.KEY_GENERATION,
      periodMs: environment.KEY_ROTATION_DAYS * 24 * 60 * 60 * 1000,
      cron: environment.ROTATION_CRON,
    },
    groq: {
      apiKeys: environment.GROQ_API_KEY,
      baseUrl: environment.GROQ_BASE_URL,
      temperature: environment.GROQ_TEMPERATURE,
      maxTokens: environment.GROQ_MAX_TOKENS,
      httpsProxy: environment.HTTPS_PROXY,
      noProxy: environment.NO_PROXY,
    },
    models: {
      main: environment.GROQ_MODEL,
      fallbacks: environment.GROQ_FALLBACK_MODELS,
      aliases: environment.MODEL_ALIASES,
      unknown: environment.UNKNOWN_MODEL,
    },
    failover: {
      wholeMs: environment.GROQ_TIMEOUT_MS,
      firstTokenMs: environment.FIRST_TOKEN_TIMEOUT_MS,
      idleMs: environment.STREAM_IDLE_TIMEOUT_MS,
      budgetMs: environment.FAILOVER_BUDGET_MS,
      attempts: environment.RETRY_ATTEMPTS,
      probeMs: environment.BREAKER_PROBE_MS,
    },
    limits: {
      groq: environment.GROQ_LIMITS,
      maxConcurrent: environment.MAX_CONCURRENT,
      callerRpm: environment.CALLER_RPM,
    },
    usage: {
      prices: environment.GROQ_PRICES,
      cacheTtlMs: environment.CACHE_TTL_S * 1000,
      cacheMaxBytes: environment.CACHE_MAX_MB * 1024 * 1024,
      split: environment.MODEL_SPLIT,
    },
    webhook: {
      url: environment.ROTATION_WEBHOOK_URL,
      secret: environment.ROTATION_WEBHOOK_SECRET,
      includeKey: environment.ROTATION_WEBHOOK_INCLUDE_KEY === 'true',
    },
    local: {
      model: environment.LOCAL_MODEL,
      queueLimit: environment.LOCAL_QUEUE,
      threads: environment.LOCAL_THREADS,
      contextSize: environment.LOCAL_CONTEXT,
      memoryLimitBytes: environment.LOCAL_MEMORY_MB && environment.LOCAL_MEMORY_MB * 1024 * 1024,
      idleUnloadMs: environment.LOCAL_IDLE_UNLOAD_MS,
    },
    http: {
      trustProxy: environment.TRUST_PROXY,
      corsOrigin: environment.CORS_ORIGIN,
      earlyHeadersMs: environment.EARLY_HEADERS_MS,
    },
  };
}
