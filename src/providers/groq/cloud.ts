import { createHash } from 'node:crypto';
import type { Dispatcher } from 'undici';
import type { AttemptError } from '../../core/attempt.ts';
import type { ChatRequest } from '../../core/chat.ts';
import type { Clock } from '../../core/clock.ts';
import type { Limiter } from '../../core/limiter.ts';
import { layered, type Provider } from '../../core/provider.ts';
import { shownName } from '../../core/shown-name.ts';
import type { AttemptRecord } from '../../core/tally.ts';
import { breaker } from '../breaker.ts';
import type { BreakerState } from '../breaker-state.ts';
import { type Gate, gate } from '../gate.ts';
import { heal } from '../heal.ts';
import { keyPool, type PooledKey } from '../key-pool.ts';
import { limit } from '../limit.ts';
import { meter } from '../meter.ts';
import { retry } from '../retry.ts';
import { shrink } from '../shrink.ts';
import { timeout } from '../timeout.ts';
import { trace } from '../trace.ts';
import { codeOf } from './faults.ts';
import { groq } from './groq.ts';
import { type LiveModels, liveModels } from './live-models.ts';
import { successorOf } from './model-table.ts';
import type { RequestDefaults } from './request-body.ts';
import { groqResponses } from './responses.ts';
import { groqUpload, isUpload, uploadName } from './upload.ts';
import { uploadLimiter } from './upload-limiter.ts';

type Log = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

export type CloudOptions = {
  readonly apiKeys: readonly string[];
  readonly baseUrl: string;
  readonly defaults: RequestDefaults;
  /** Connections to Groq; closed with the cloud. */
  readonly dispatcher: Dispatcher;
  /** The operator's own models. */
  readonly configured: readonly string[];
  readonly unknown: 'error' | 'default';
  readonly attempts: number;
  readonly firstTokenMs: number;
  readonly idleMs: number;
  readonly wholeMs: number;
  readonly probeMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Keeps one key within its limits; the key is named by a digest. */
  readonly limiterOf: (key: string) => Limiter;
  /** Told of every attempt, when it is over. */
  readonly onAttempt: (record: AttemptRecord) => void;
  /** Told of every malformed event that is left out of a stream, by its model. */
  readonly onMalformed?: ((model: string) => void) | undefined;
  /** Told when a breaker opens or closes. */
  readonly onBreaker?: ((change: BreakerChange) => void) | undefined;
  /** Whether each attempt is a span of its request's. */
  readonly isTraced: boolean;
  /** Calls that may be open at a time. */
  readonly maxConcurrent: number;
  /** Told of every failed attempt. */
  readonly onFailed: (error: AttemptError, request: ChatRequest, isRetried: boolean) => void;
};

/** A breaker that has opened, with the cause of its last fault, or closed. */
export type BreakerChange = {
  readonly model: string;
  readonly state: 'open' | 'closed';
  readonly reason?: string | undefined;
};

/** Groq with everything that keeps it usable: keys, time limits, breakers, retries, healed names. */
export type Cloud = Provider & {
  /** The same for the Responses API: requests and replies in its own shape. */
  readonly responses: Provider;
  /** The same for audio: takes an `Upload`, asks once. */
  readonly uploads: Provider;
  readonly live: LiveModels;
  /** Breakers that have seen a model, by the key's label and the model. */
  breakers(): readonly CloudBreaker[];
  concurrency: Gate['state'];
  close(): Promise<void>;
};

/** One breaker, as `/health` shows it. */
export type CloudBreaker = {
  readonly key: string;
  readonly model: string;
  readonly state: BreakerState['kind'];
  readonly reason?: string;
  /** Until the next probe may go through. */
  readonly probeInMs?: number;
};

/** Opens at 5 faults in a row, or when half of at least 10 outcomes in 30 s were faults. */
const BREAKER = { faultsInARow: 5, minimumOutcomes: 10, faultShare: 0.5, windowMs: 30_000 };

/** Composes Groq's road for all keys. */
export function groqCloud(options: CloudOptions): Cloud {
  const { apiKeys, baseUrl, dispatcher, clock, log } = options;
  const keys = apiKeys.map((apiKey) => groqKey(apiKey, options));
  const live = liveModels({
    apiKeys,
    baseUrl,
    dispatcher,
    clock,
    onError: (reason) => log.warn({ reason }, "the provider's model list can't be read"),
  });

  const heals = heal({
    configured: options.configured,
    unknown: options.unknown,
    successorOf: async (model) => successorOf(model) ?? namesake(model, live),
    onGone: (model, successor) =>
      log.warn(
        { model: shownName(model), successor },
        'a model is retired or unknown at the provider',
      ),
  });
  const retries = retry({
    attempts: options.attempts,
    clock,
    onFailed: (error, request, isRetried) => {
      const { id, params } = request;
      // A name that is gone has its own warning, once.
      const isNews = error.attemptCause !== 'model_gone';
      const reason = codeOf(error.cause);
      const model = params.model && shownName(params.model);
      const fields = { id, model, cause: error.attemptCause, reason };
      if (isNews) log.warn(fields, 'an attempt failed');
      options.onFailed(error, request, isRetried);
    },
  });
  const turnstile = gate({ limit: options.maxConcurrent, clock });
  const pool = (providerOf: (key: GroqKey) => Provider): Provider =>
    turnstile.layer(
      keyPool(
        keys.map((key) => ({ ...key, provider: providerOf(key) })),
        {
          clock,
          onDeadKey: (key) =>
            log.error({ key }, 'the provider refuses this GROQ_API_KEY: replace it'),
        },
      ),
    );

  return {
    ...layered(
      [heals, shrink(), retries],
      pool((key) => key.chat),
    ),
    responses: layered(
      [heals, shrink(), retries],
      pool((key) => key.responses),
    ),
    uploads: layered(
      [retries],
      pool((key) => key.uploads),
    ),
    live,
    breakers: () => keys.flatMap(({ label, breakers }) => view(label, breakers(), clock.elapsed())),
    concurrency: turnstile.state,
    close: () => dispatcher.close(),
  };
}

/** One key on each road of Groq's. All roads share its breakers and its limits. */
type GroqKey = Omit<PooledKey, 'provider'> & {
  readonly chat: Provider;
  readonly responses: Provider;
  readonly uploads: Provider;
  readonly breakers: () => ReadonlyMap<string, BreakerState>;
};

function groqKey(apiKey: string, options: CloudOptions): GroqKey {
  const { baseUrl, dispatcher, defaults, clock, log, wholeMs, idleMs } = options;
  const label = `…${apiKey.slice(-4)}`;
  const limiter = options.limiterOf(digestOf(apiKey));
  const guard = breaker({
    clock,
    rules: { ...BREAKER, probeMs: options.probeMs },
    onChange: (asked, state) => {
      const model = shownName(asked);
      const reason = state.kind === 'closed' ? {} : { reason: state.reason };
      const probe = state.kind === 'open' ? { probeInMs: options.probeMs } : {};
      const fields = { key: label, model, state: state.kind, ...reason, ...probe };
      log.warn(fields, 'a circuit breaker changed its state');
      if (state.kind !== 'probing') options.onBreaker?.({ model, state: state.kind, ...reason });
    },
  });
  const account = { apiKey, baseUrl, dispatcher };
  const onMalformed = (model: string) => {
    log.warn({ model: shownName(model) }, 'a malformed event in a stream was left out');
    options.onMalformed?.(model);
  };
  const counts = meter({ nameOf, onAttempt: options.onAttempt });
  const leaf = options.isTraced ? [counts, trace({ provider: 'groq', baseUrl })] : [counts];
  const limits = [limit(limiter), guard.layer, timeout(options), ...leaf];
  const uploadLimits = [limit(uploadLimiter(limiter)), guard.layer, ...leaf];
  return {
    label,
    quotaLeft: limiter.quotaLeft,
    breakers: guard.states,
    chat: layered(limits, groq({ ...account, defaults, onMalformed })),
    responses: layered(limits, groqResponses({ ...account, defaults, onMalformed })),
    uploads: layered(uploadLimits, groqUpload({ ...account, wholeMs, idleMs })),
  };
}

function nameOf(request: ChatRequest): string {
  return isUpload(request) ? uploadName(request) : `groq/${request.params.model ?? ''}`;
}

/** A name for a key that may be stored and shown. */
function digestOf(apiKey: string): string {
  return createHash('sha256').update(apiKey).digest('hex').slice(0, 12);
}

/** Finds `gpt-oss-120b` as `openai/gpt-oss-120b`, if Groq lists exactly one model of that name. */
async function namesake(model: string, live: LiveModels): Promise<string | undefined> {
  const models = (await live.listWithout(model)) ?? [];
  const found = models.filter(({ id, active }) => active && id.endsWith(`/${model}`));
  return found.length === 1 ? found[0]?.id : undefined;
}

function view(key: string, states: ReadonlyMap<string, BreakerState>, now: number): CloudBreaker[] {
  return [...states].map(([model, state]) => ({
    key,
    model,
    state: state.kind,
    ...(state.kind === 'closed' ? {} : { reason: state.reason }),
    ...(state.kind === 'open' ? { probeInMs: Math.max(0, Math.round(state.probeAt - now)) } : {}),
  }));
}
