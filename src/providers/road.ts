import type { Limiter } from '../core/limiter.ts';
import type { Model } from '../core/model.ts';
import { layered, type Provider } from '../core/provider.ts';
import type { NativeProvider, Relay } from '../core/relay.ts';
import { looksLikeName } from '../core/shown-name.ts';
import type { Cause } from '../core/trail.ts';
import { answerCache } from './cache.ts';
import { chain } from './chain.ts';
import { type BreakerChange, type CloudBreaker, groqCloud } from './groq/cloud.ts';
import { groqDispatcher } from './groq/dispatcher.ts';
import {
  AUDIO_MODELS,
  anthropicAlias,
  contextWindowOf,
  OPENAI_ALIASES,
  successorOf,
} from './groq/model-table.ts';
import type { LocalModel } from './local/local.ts';
import { type LocalRoadOptions, openLocalRoad } from './local-road.ts';
import { modelList } from './model-list.ts';
import { nativeRoad } from './native.ts';
import { rescue } from './rescue.ts';
import { router } from './route.ts';
import { split, splitNative, type Weights } from './split.ts';
import { uploadRoad } from './uploads.ts';
import { usageOnce } from './usage-once.ts';

type Options = LocalRoadOptions & {
  readonly groq: {
    readonly apiKeys: readonly string[];
    readonly baseUrl: string;
    readonly temperature?: number | undefined;
    readonly maxTokens?: number | undefined;
    readonly httpsProxy?: string | undefined;
    readonly noProxy?: string | undefined;
  };
  readonly models: {
    readonly main: string;
    readonly fallbacks: readonly string[];
    readonly aliases: Readonly<Record<string, string>>;
    readonly unknown: 'error' | 'default';
  };
  readonly failover: {
    readonly wholeMs: number;
    readonly firstTokenMs: number;
    readonly idleMs: number;
    readonly budgetMs: number;
    readonly attempts: number;
    readonly probeMs: number;
  };
  /** Keeps one upstream key within its limits; the key is named by a digest. */
  readonly limiterOf: (key: string) => Limiter;
  readonly limits: {
    /** Calls of the cloud that may be open at a time. */
    readonly maxConcurrent: number;
  };
  /** Told of every failed attempt of a cloud model. */
  readonly onAttemptFailed?: (failed: FailedAttempt) => void;
  /** Told of every malformed event that is left out of a stream, by its model. */
  readonly onMalformed?: (model: string) => void;
  /** Told when a breaker of the cloud opens or closes. */
  readonly onBreaker?: (change: BreakerChange) => void;
  /** Told how each stream ended that broke in the middle, and how it had broken. */
  readonly onRescue?: (kind: Cause, outcome: 'rescued' | 'failed') => void;
  readonly usage: {
    /** How long answers are kept; 0: not at all. */
    readonly cacheTtlMs: number;
    readonly cacheMaxBytes: number;
    /** Models to try side by side, with their weights. */
    readonly split?: Weights | undefined;
  };
};

type FailedAttempt = {
  readonly model: string | undefined;
  readonly cause: Cause;
  /** Whether the same model is asked again. */
  readonly isRetried: boolean;
};

/** Everything that answers chats, put together. */
export type Road = {
  /** From the asked model to the last resort. */
  readonly provider: Provider;
  readonly local: LocalModel;
  /** The Responses API. */
  readonly responses: NativeProvider;
  /** Audio. */
  readonly uploads: Relay;
  readonly models: () => Promise<readonly Model[]>;
  /** Whether a cloud model is one of the operator's, or known to be the provider's. */
  knows(model: string): boolean;
  /** Absent without a Groq key. */
  readonly breakers?: (() => readonly CloudBreaker[]) | undefined;
  /** Forgets all kept answers. */
  forgetAnswers(): void;
  /** Open and waiting calls of the cloud. */
  concurrency(): { readonly open: number; readonly waiting: number; readonly limit: number };
  close(): Promise<void>;
};

/** Opens the road: Groq, if there is a key for it, then the local model. Nothing is loaded yet. */
export async function openRoad(options: Options): Promise<Road> {
  const { groq, models, failover, usage, clock, log } = options;
  const local = openLocalRoad(options);
  const localNames = new Set([local.servedBy, local.servedBy.replace('local/', ''), 'local']);
  const configured = [models.main, ...models.fallbacks];
  const cloud =
    groq.apiKeys.length === 0
      ? undefined
      : groqCloud({
          ...groq,
          ...failover,
          dispatcher: await groqDispatcher(groq),
          defaults: groq,
          configured,
          unknown: models.unknown,
          clock,
          log,
          limiterOf: options.limiterOf,
          onAttempt: options.onAttempt,
          onBreaker: options.onBreaker,
          onMalformed: options.onMalformed,
          isTraced: options.isTraced,
          maxConcurrent: options.limits.maxConcurrent,
          onFailed: ({ attemptCause: cause }, { params }, isRetried) => {
            local.warm();
            options.onAttemptFailed?.({ model: params.model, cause, isRetried });
          },
        });
  const aliases = { ...OPENAI_ALIASES, ...models.aliases };
  const contextOf = (model: string) =>
    cloud?.live.known()?.find(({ id }) => id === model)?.context_window ?? contextWindowOf(model);

  const routeOf = router({
    ...models,
    aliasOf: (name) => (Object.hasOwn(aliases, name) ? aliases[name] : anthropicAlias(name)),
    successorOf,
    isLocal: (model) => localNames.has(model),
    onReplaced: (asked, by) => log.warn({ asked, by }, 'a retired model was asked for'),
  });
  const links = {
    cloud,
    local,
    routeOf,
    clock,
    budgetMs: failover.budgetMs,
    wholeMs: failover.wholeMs,
    contextWindowOf: contextOf,
  };
  const { cacheTtlMs: ttlMs, cacheMaxBytes: maxBytes } = usage;
  const cache = ttlMs > 0 ? answerCache({ ttlMs, maxBytes }) : undefined;
  const provider = layered(
    [
      ...(usage.split ? [split(usage.split)] : []),
      ...(cache ? [cache.layer] : []),
      usageOnce(),
      rescue({
        routeOf,
        local,
        clock,
        budgetMs: failover.budgetMs,
        onRescue: (outcome, { id, tally }, cause) => {
          tally?.note({ rescue: outcome });
          log.warn({ id, cause, outcome }, 'a stream broke');
          options.onRescue?.(cause, outcome);
        },
      }),
    ],
    chain(links),
  );

  const named = new Set([...configured, ...AUDIO_MODELS]);
  const knows = (model: string) => named.has(model) || contextOf(model) !== undefined;

  const native = nativeRoad({ ...links, cloud: cloud?.responses });

  return {
    provider,
    local,
    responses: usage.split ? splitNative(usage.split, native) : native,
    uploads: uploadRoad(cloud?.uploads, links),
    models: () =>
      modelList({
        live: async () => cloud?.live.list(),
        hasCloud: cloud !== undefined,
        configured,
        contextWindowOf,
        aliases,
        local: {
          servedBy: local.servedBy,
          aliases: [...localNames].filter((name) => name !== local.servedBy),
          contextWindow: local.contextWindow,
        },
        createdAt: Math.floor(clock.now() / 1000),
      }),
    knows,
    breakers:
      cloud &&
      // Callers invent names: a healthy breaker of one says nothing, and a prompt is for nobody's eyes.
      (() =>
        cloud
          .breakers()
          .filter(
            ({ model, state }) => knows(model) || (state !== 'closed' && looksLikeName(model)),
          )),
    forgetAnswers: () => cache?.clear(),
    concurrency: () =>
      cloud?.concurrency() ?? { open: 0, waiting: 0, limit: options.limits.maxConcurrent },
    close: async () => {
      await local.close();
      await cloud?.close();
    },
  };
}
