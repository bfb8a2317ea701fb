import type { Model } from '../core/model.ts';

type Options = {
  /** Groq's live list; undefined when it can't be had. */
  readonly live: () => Promise<readonly Model[] | undefined>;
  /** The operator's own models: listed even while Groq can't be asked. */
  readonly configured: readonly string[];
  readonly aliases: Readonly<Record<string, string>>;
  /** Of a model, where it is known. */
  readonly contextWindowOf: (model: string) => number | undefined;
  readonly local: {
    readonly servedBy: string;
    readonly aliases: readonly string[];
    readonly contextWindow: () => Promise<number | undefined>;
  };
  readonly hasCloud: boolean;
  /** Seconds since the epoch, for models that don't say when they were made. */
  readonly createdAt: number;
};

/** Everything that a request may name: Groq's models, the local model, and other names of both. */
export async function modelList(options: Options): Promise<readonly Model[]> {
  const { live, configured, contextWindowOf, aliases, local, hasCloud, createdAt } = options;
  const fromSettings = () => configured.map((id) => groqModel(id, createdAt, contextWindowOf(id)));
  const cloud = hasCloud ? ((await live()) ?? fromSettings()) : [];
  const own = localModel(local.servedBy, await local.contextWindow(), createdAt);
  const known = new Map([...cloud, own].map((model) => [model.id, model]));
  const others = [
    ...Object.entries(aliases),
    ...local.aliases.map((name) => [name, own.id] as const),
  ];
  const named = others.flatMap(([id, target]) => {
    const model = known.get(target);
    return model && !known.has(id) ? [{ ...model, id, owned_by: 'keyturn', alias_of: target }] : [];
  });
  return [...cloud, own, ...named];
}

function groqModel(id: string, created: number, context_window: number | undefined): Model {
  return { id, object: 'model', created, owned_by: 'groq', active: true, context_window };
}

function localModel(id: string, context_window: number | undefined, created: number): Model {
  return { id, object: 'model', created, owned_by: 'keyturn', active: true, context_window };
}
