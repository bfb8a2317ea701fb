import { basename, extname, isAbsolute, join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import type { Model } from '../core/model.ts';
import { layered, type Provider } from '../core/provider.ts';
import type { NativeProvider, Relay } from '../core/relay.ts';
import { chain } from './chain.ts';
import { type CloudBreaker, groqCloud } from './groq/cloud.ts';
import { contextWindowOf, OPENAI_ALIASES, successorOf } from './groq/model-table.ts';
import { type LocalModel, localModel } from './local/local.ts';
import { modelList } from './model-list.ts';
import { nativeRoad } from './native.ts';
import { rescue } from './rescue.ts';
import { router } from './route.ts';
import { uploadRoad } from './uploads.ts';
import { usageOnce } from './usage-once.ts';

type Log = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

type Options = {
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
  readonly local: {
    readonly model: string;
    readonly queueLimit: number;
    readonly threads?: number | undefined;
    readonly contextSize: number;
    readonly memoryLimitBytes?: number | undefined;
    readonly idleUnloadMs: number;
  };
  /** The folder that holds `models/` and `dist/`. */
  readonly home: string;
  readonly clock: Clock;
  readonly log: Log;
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
  /** Absent without a Groq key. */
  readonly breakers?: (() => readonly CloudBreaker[]) | undefined;
  close(): Promise<void>;
};

/** Opens the road: Groq, if there is a key for it, then the local model. Nothing is loaded yet. */
export function openRoad(options: Options): Road {
  const { groq, models, failover, clock, log } = options;
  const local = openLocal(options);
  const localNames = new Set([local.servedBy, local.servedBy.replace('local/', ''), 'local']);
  const configured = [models.main, ...models.fallbacks];
  const cloud =
    groq.apiKeys.length === 0
      ? undefined
      : groqCloud({
          ...groq,
          ...failover,
          defaults: groq,
          configured,
          unknown: models.unknown,
          clock,
          log,
          onFailed: () => local.warm(),
        });
  const aliases = { ...OPENAI_ALIASES, ...models.aliases };
  const contextOf = (model: string) =>
    cloud?.live.known()?.find(({ id }) => id === model)?.context_window ?? contextWindowOf(model);

  const routeOf = router({
    ...models,
    aliases,
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
  const provider = layered(
    [
      usageOnce(),
      rescue({
        routeOf,
        local,
        onRescue: (outcome, { id }) => log.warn({ id, outcome }, 'a stream broke'),
      }),
    ],
    chain(links),
  );

  return {
    provider,
    local,
    responses: nativeRoad({ ...links, cloud: cloud?.responses }),
    uploads: uploadRoad(cloud?.uploads),
    models: () =>
      modelList({
        live: async () => cloud?.live.list(),
        hasCloud: cloud !== undefined,
        configured,
        aliases,
        local: { servedBy: local.servedBy, contextSize: options.local.contextSize },
        createdAt: Math.floor(clock.now() / 1000),
      }),
    breakers: cloud && (() => cloud.breakers()),
    close: async () => {
      await local.close();
      await cloud?.close();
    },
  };
}

function openLocal({ local, home, clock, log }: Options): LocalModel {
  const file = extname(local.model) === '.gguf' ? local.model : `${local.model}.gguf`;
  return localModel({
    ...local,
    modelPath: isAbsolute(file) ? file : join(home, 'models', file),
    modelName: basename(file, '.gguf'),
    childPath: join(home, 'dist', 'local-child.js'),
    clock,
    log,
  });
}
