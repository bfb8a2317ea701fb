import { signal } from '@preact/signals';
import { callWithKey } from '../shared/key.ts';

/** A model as `GET /api/models` shows it. */
export type ModelView = {
  readonly id: string;
  readonly owned_by: string;
  readonly alias_of?: string;
  readonly aliases: readonly string[];
  readonly limits: Readonly<Record<WindowName, number | null>>;
  readonly price: { readonly input: number; readonly output: number } | null;
  readonly health: 'ok' | 'failing' | 'out_of_quota' | 'unavailable';
  readonly context_window?: number;
};

export type WindowName = 'rpm' | 'rpd' | 'tpm' | 'tpd';

/** What is left of one limit, over all upstream keys. */
export type Quota = {
  readonly window: WindowName;
  readonly limit: number;
  readonly remaining: number;
  readonly resetMs: number;
};

type RateLimits = {
  readonly models: readonly {
    readonly model: string;
    readonly windows: readonly {
      readonly window: WindowName;
      readonly limit: number | null;
      readonly remaining: number | null;
      readonly reset_ms: number;
    }[];
  }[];
};

/** Models that can chat; undefined until the list has come. */
export const models = signal<readonly ModelView[] | undefined>(undefined);

const rateLimits = signal<RateLimits>({ models: [] });

/** They hear or speak; the list has no word for it. */
const NO_CHAT = /whisper|tts|orpheus/i;

/** Asks anew what may be asked, and what is left. Keeps what it knew where nobody answers. */
export async function refreshModels(): Promise<void> {
  try {
    const [list, limits] = await Promise.all([
      callWithKey('/api/models').then((answer) => answer.json()),
      callWithKey('/api/rate-limits').then((answer) => answer.json()),
    ]);
    const { data } = list as { data: readonly ModelView[] };
    models.value = data.filter(({ id }) => !NO_CHAT.test(id));
    rateLimits.value = limits as RateLimits;
  } catch {
    // The connection's note and the key's note say why.
  }
}

/** What is left for a model, which may go by another name; empty where no limit is known. */
export function quotasOf(name: string): Quota[] {
  const id = models.value?.find((model) => model.id === name)?.alias_of ?? name;
  const views = rateLimits.value.models.filter(({ model }) => servedName(model) === servedName(id));
  const quotas = new Map<WindowName, Quota>();
  for (const { window, limit, remaining, reset_ms } of views.flatMap(({ windows }) => windows)) {
    if (limit === null || remaining === null) continue;
    const before = quotas.get(window);
    quotas.set(window, {
      window,
      limit: limit + (before?.limit ?? 0),
      remaining: Math.max(0, remaining) + (before?.remaining ?? 0),
      resetMs: Math.max(reset_ms, before?.resetMs ?? 0),
    });
  }
  return [...quotas.values()];
}

const servedName = (name: string): string => name.replace(/^groq\//, '');

/** A model's name in little room: `gpt-oss-120b`. */
export function shortName(name: string): string {
  const last = decoded(name).split('/').at(-1) ?? name;
  return name.startsWith('local/') ? `${last} (local)` : last;
}

/** Headers carry names in ASCII. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
