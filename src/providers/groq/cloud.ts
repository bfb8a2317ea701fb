import type { AttemptError } from '../../core/attempt.ts';
import type { Clock } from '../../core/clock.ts';
import { layered, type Provider } from '../../core/provider.ts';
import { breaker } from '../breaker.ts';
import type { BreakerState } from '../breaker-state.ts';
import { cooldown } from '../cooldown.ts';
import { heal } from '../heal.ts';
import { keyPool, type PooledKey } from '../key-pool.ts';
import { retry } from '../retry.ts';
import { shrink } from '../shrink.ts';
import { timeout } from '../timeout.ts';
import { groqDispatcher } from './dispatcher.ts';
import { groq } from './groq.ts';
import { type LiveModels, liveModels } from './live-models.ts';
import { successorOf } from './model-table.ts';
import { quota } from './quota.ts';
import type { RequestDefaults } from './request-body.ts';

type Log = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

export type CloudOptions = {
  readonly apiKeys: readonly string[];
  readonly baseUrl: string;
  readonly defaults: RequestDefaults;
  readonly httpsProxy?: string | undefined;
  readonly noProxy?: string | undefined;
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
  /** Told of every failed attempt. */
  readonly onFailed: (error: AttemptError) => void;
};

/** Groq with everything that keeps it usable: keys, time limits, breakers, retries, healed names. */
export type Cloud = Provider & {
  readonly live: LiveModels;
  /** Breakers that have seen a model, by the key's label and the model. */
  breakers(): readonly CloudBreaker[];
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

/** DESIGN: opens at 5 faults in a row, or when half of at least 10 outcomes in 30 s were faults. */
const BREAKER = { faultsInARow: 5, minimumOutcomes: 10, faultShare: 0.5, windowMs: 30_000 };

/** Composes Groq's road for all keys. */
export function groqCloud(options: CloudOptions): Cloud {
  const { apiKeys, baseUrl, clock, log } = options;
  const dispatcher = groqDispatcher(options);
  const keys = apiKeys.map((apiKey) => pooledKey(apiKey, dispatcher, options));
  const live = liveModels({
    apiKeys,
    baseUrl,
    dispatcher,
    clock,
    onError: (error) => log.warn({ err: error }, "the provider's model list can't be read"),
  });

  const provider = layered(
    [
      heal({
        configured: options.configured,
        unknown: options.unknown,
        successorOf: async (model) => successorOf(model) ?? namesake(model, live),
        onGone: (model, successor) =>
          log.warn({ model, successor }, 'a model is retired or unknown at the provider'),
      }),
      retry({
        attempts: options.attempts,
        clock,
        onFailed: (error, { id, params }) => {
          log.warn({ id, model: params.model, cause: error.attemptCause }, 'an attempt failed');
          options.onFailed(error);
        },
      }),
      shrink(),
    ],
    keyPool(keys, {
      clock,
      onDeadKey: (key) => log.error({ key }, 'the provider refuses this GROQ_API_KEY: replace it'),
    }),
  );

  return {
    ...provider,
    live,
    breakers: () => keys.flatMap(({ label, breakers }) => view(label, breakers(), clock.elapsed())),
    close: () => dispatcher.close(),
  };
}

function pooledKey(
  apiKey: string,
  dispatcher: ReturnType<typeof groqDispatcher>,
  options: CloudOptions,
): PooledKey & { readonly breakers: () => ReadonlyMap<string, BreakerState> } {
  const { clock, log } = options;
  const label = `…${apiKey.slice(-4)}`;
  const left = quota();
  const guard = breaker({
    clock,
    rules: { ...BREAKER, probeMs: options.probeMs },
    onChange: (model, state) =>
      log.warn({ key: label, model, state: state.kind }, 'a circuit breaker changed its state'),
  });
  const provider = layered(
    [cooldown({ clock }), guard.layer, timeout(options)],
    groq({
      apiKey,
      baseUrl: options.baseUrl,
      dispatcher,
      defaults: options.defaults,
      onMalformed: (model) => log.warn({ model }, 'a malformed event in a stream was left out'),
      onHeaders: left.learn,
    }),
  );
  return { provider, label, quotaLeft: left.left, breakers: guard.states };
}

/** Finds `gpt-oss-120b` as `openai/gpt-oss-120b`, if Groq lists exactly one model of that name. */
async function namesake(model: string, live: LiveModels): Promise<string | undefined> {
  const models = (await live.list()) ?? [];
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
