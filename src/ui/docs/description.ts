/** What this page reads of `/openapi.json`. */
export type Description = {
  readonly info: { readonly version: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly headers: Readonly<Record<string, { readonly description: string }>>;
  };
};

type Reference = { readonly $ref: string };

type Described = {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly Reference[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Answer>>;
  readonly 'x-same-as'?: string;
};

type Media = {
  readonly schema?: Schema;
  readonly example?: Readonly<Record<string, unknown>>;
  readonly 'x-event-data'?: Schema;
};

export type Answer = {
  readonly description: string;
  readonly headers?: Readonly<Record<string, Reference>>;
  readonly content?: Readonly<Record<string, Media>>;
};

export type Parameter = {
  readonly name: string;
  readonly in: 'header' | 'query' | 'path';
  readonly description: string;
  readonly required?: boolean;
  readonly example?: string;
  readonly schema: Schema;
};

export type Schema = {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
  readonly enum?: readonly string[];
  readonly const?: string;
};

/** One route, with everything that the page shows of it. */
export type Operation = {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly about: string;
  /** Other routes that do the same. */
  readonly others: readonly string[];
  readonly secret: Secret | undefined;
  readonly parameters: readonly Parameter[];
  readonly body:
    | { readonly type: string; readonly schema: Schema; readonly example: object }
    | undefined;
  readonly answers: readonly (readonly [status: string, Answer])[];
};

/** What a route asks of its caller. */
export type Secret = 'key' | 'admin' | 'metrics';

/** Everything that the description knows, in its order, each route once. */
export function operationsOf(description: Description): Operation[] {
  const all = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      route: `${method.toUpperCase()} ${path}`,
      described,
    })),
  );
  return all
    .filter(({ described }) => described['x-same-as'] === undefined)
    .map(({ route, described }) => {
      const same = all.filter((each) => each.described['x-same-as'] === route);
      const others = same.map((each) => each.route);
      return { ...operationOf(route, described, description), others };
    });
}

function operationOf(route: string, described: Described, { components }: Description) {
  const [method = '', path = ''] = route.split(' ');
  const [content] = Object.entries(described.requestBody?.content ?? {});
  const [type = '', { schema = {}, example = {} } = {}] = content ?? [];
  const parameters = (described.parameters ?? []).map(({ $ref }) => {
    const found = components.parameters[lastOf($ref)];
    if (!found) throw new Error(`no parameter ${$ref}`);
    return found;
  });
  return {
    ...{ method, path, parameters },
    id: described.operationId,
    tag: described.tags[0] ?? '',
    summary: described.summary,
    about: described.description ?? '',
    secret: secretOf(described),
    body: content && { type, schema, example },
    answers: Object.entries(described.responses),
  };
}

function secretOf({ security }: Described): Secret | undefined {
  const names = security.flatMap((each) => Object.keys(each));
  if (names.includes('clientKey')) return 'key';
  if (names.includes('adminSecret')) return 'admin';
  return names.includes('metricsToken') ? 'metrics' : undefined;
}

/** The name behind a reference. */
export function lastOf($ref: string): string {
  return $ref.slice($ref.lastIndexOf('/') + 1);
}
