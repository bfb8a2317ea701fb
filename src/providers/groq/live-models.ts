import type { Dispatcher } from 'undici';
import type { Clock } from '../../core/clock.ts';
import { isObject, parseJson } from '../../core/json.ts';
import type { Model } from '../../core/model.ts';
import { askModels } from './ask-models.ts';
import { codeOf } from './faults.ts';

type Options = {
  readonly apiKeys: readonly string[];
  readonly baseUrl: string;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  /** Told why a key got no list. */
  readonly onError: (reason: string) => void;
  /** Groq's list is asked for at most this often. */
  readonly everyMs?: number;
  readonly timeoutMs?: number;
};

/** Groq's own list of models, kept for ten minutes. */
export type LiveModels = {
  /**
   * The list as it is now, asked for anew: for a name that Groq has just refused. A name is a reason
   * to ask only once in ten minutes, and all names together only every few seconds.
   */
  listWithout(refused: string): Promise<readonly Model[] | undefined>;
  /** The list; the last known one when Groq can't be asked, undefined when it never could. */
  list(): Promise<readonly Model[] | undefined>;
  /** What is known right now, without asking. */
  known(): readonly Model[] | undefined;
};

/** After a failure it is asked again this soon. */
const AGAIN_MS = 30_000;

/** Refused names make it ask at most this often. */
const REFUSED_MS = 5_000;

/** Refused names that are remembered. */
const MAX_REFUSED = 1_000;

/** Asks Groq for its models, once for all who wait, with the first key that works. */
export function liveModels(options: Options): LiveModels {
  const { apiKeys, clock, onError, everyMs = 10 * 60_000, timeoutMs = 5_000 } = options;
  let models: readonly Model[] | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;
  let refusedAt = Number.NEGATIVE_INFINITY;
  const refused = new Map<string, number>();

  async function ask(): Promise<void> {
    askedAt = clock.elapsed();
    for (const apiKey of apiKeys) {
      try {
        models = await fetchModels(apiKey, options, AbortSignal.timeout(timeoutMs));
        return;
      } catch (error) {
        onError(reasonOf(error));
      }
    }
    askedAt = clock.elapsed() - everyMs + AGAIN_MS;
  }

  function askOnce(): void {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
  }

  /** True if this name is news: the list that is known may be older than its end. */
  function isNews(name: string): boolean {
    const now = clock.elapsed();
    const seenAt = refused.get(name) ?? Number.NEGATIVE_INFINITY;
    if (now - seenAt < everyMs || now - refusedAt < REFUSED_MS) return false;
    if (refused.size >= MAX_REFUSED) refused.clear();
    refused.set(name, now);
    refusedAt = now;
    return true;
  }

  async function list(): Promise<readonly Model[] | undefined> {
    if (clock.elapsed() - askedAt >= everyMs) askOnce();
    await asking;
    return models;
  }

  return {
    known: () => models,
    list,
    listWithout: (name) => {
      if (isNews(name)) askOnce();
      return list();
    },
  };
}

/** Groq, or somebody in its place, answered, but with no list. */
class NoListError extends Error {
  override readonly name = 'NoListError';
}

/** In words of ours: what was answered may say aloud what was sent. */
function reasonOf(error: unknown): string {
  if (error instanceof NoListError) return error.message;
  return codeOf(error) ?? (error instanceof Error ? error.name : 'unknown');
}

async function fetchModels(
  apiKey: string,
  { baseUrl, dispatcher }: Options,
  signal: AbortSignal,
): Promise<readonly Model[]> {
  const { status, text } = await askModels({ apiKey, baseUrl, dispatcher }, signal);
  if (status !== 200) throw new NoListError(`HTTP ${status}`);
  const body = parseJson(text);
  if (!isObject(body) || !Array.isArray(body['data'])) throw new NoListError('no list of models');
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
