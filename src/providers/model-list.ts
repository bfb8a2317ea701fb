import type { Model } from '../core/model.ts';

type Options = {
  /** Groq's live list; undefined when it can't be had. */
  readonly live: () => Promise<readonly Model[] | undefined>;
  /** The operator's own models: listed even while Groq can't be asked. */
  readonly configured: readonly string[];
  readonly aliases: Readonly<Record<string, string>>;
  readonly local: { readonly servedBy: string; readonly contextSize: number };
  readonly hasCloud: boolean;
  /** Seconds since the epoch, for models that don't say when they were made. */
  readonly createdAt: number;
};

/** Everything that a request may name: Groq's models, aliases of them, and the local model. */
export async function modelList(options: Options): Promise<readonly Model[]> {
  const { live, configured, aliases, local, hasCloud, createdAt } = options;
  const cloud = hasCloud
    ? ((await live()) ?? configured.map((id) => groqModel(id, createdAt)))
    : [];
  const known = new Map(cloud.map((model) => [model.id, model]));
  const named = Object.entries(aliases).flatMap(([id, target]) => {
    const model = known.get(target);
    return model && !known.has(id) ? [{ ...model, id, owned_by: 'keyturn', alias_of: target }] : [];
  });
  return [...cloud, ...named, localEntry(local, createdAt)];
}

function groqModel(id: string, created: number): Model {
  return { id, object: 'model', created, owned_by: 'groq', active: true };
}

function localEntry({ servedBy, contextSize }: Options['local'], created: number): Model {
  return {
    id: servedBy,
    object: 'model',
    created,
    owned_by: 'keyturn',
    active: true,
    context_window: contextSize,
  };
}
