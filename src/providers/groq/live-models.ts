import type { Dispatcher } from 'undici';
import type { Clock } from '../../core/clock.ts';
import type { Model } from '../../core/model.ts';
import { exchange } from './exchange.ts';
import { isObject, readBody } from './read-whole.ts';

type Options = {
  readonly apiKeys: readonly string[];
  readonly baseUrl: string;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
  /** Groq's list is asked for at most this often. */
  readonly everyMs?: number;
  readonly timeoutMs?: number;
};

/** Groq's own list of models, kept for ten minutes. */
export type LiveModels = {
  /** The list; the last known one when Groq can't be asked, undefined when it never could. */
  list(): Promise<readonly Model[] | undefined>;
  /** What is known right now, without asking. */
  known(): readonly Model[] | undefined;
};

/** After a failure it is asked again this soon. */
const AGAIN_MS = 30_000;

/** Asks Groq for its models, once for all who wait, with the first key that works. */
export function liveModels(options: Options): LiveModels {
  const { apiKeys, clock, onError, everyMs = 10 * 60_000, timeoutMs = 5_000 } = options;
  let models: readonly Model[] | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  async function ask(): Promise<void> {
    askedAt = clock.elapsed();
    for (const apiKey of apiKeys) {
      try {
        models = await fetchModels(apiKey, options, AbortSignal.timeout(timeoutMs));
        return;
      } catch (error) {
        onError(error);
      }
    }
    askedAt = clock.elapsed() - everyMs + AGAIN_MS;
  }

  return {
    known: () => models,
    list: async () => {
      if (clock.elapsed() - askedAt >= everyMs && !asking) {
        asking = ask().finally(() => {
          asking = undefined;
        });
      }
      await asking;
      return models;
    },
  };
}

async function fetchModels(
  apiKey: string,
  { baseUrl, dispatcher }: Options,
  signal: AbortSignal,
): Promise<readonly Model[]> {
  const { origin, pathname } = new URL(baseUrl);
  const headers = { authorization: `Bearer ${apiKey}`, 'accept-encoding': 'identity' };
  const path = `${pathname.replace(/\/$/, '')}/models`;
  const answer = await exchange(dispatcher, { origin, path, method: 'GET', headers }, signal);
  const body: unknown = JSON.parse((await readBody(answer, 4 * 1024 * 1024)).toString('utf8'));
  if (answer.status !== 200 || !isObject(body) || !Array.isArray(body['data'])) {
    throw new Error(`the provider's model list answered ${answer.status}`);
  }
  return body['data'].filter(isObject).flatMap(modelOf);
}

function modelOf(entry: Record<string, unknown>): Model[] {
  if (typeof entry['id'] !== 'string') return [];
  return [
    {
      ...entry,
      id: entry['id'],
      object: 'model',
      created: typeof entry['created'] === 'number' ? entry['created'] : 0,
      owned_by: typeof entry['owned_by'] === 'string' ? entry['owned_by'] : 'groq',
      active: entry['active'] !== false,
      context_window:
        typeof entry['context_window'] === 'number' ? entry['context_window'] : undefined,
    },
  ];
}
