import { Counter, Gauge, type Registry } from 'prom-client';

/** A look at the parts whose state is exported, taken when somebody asks for it. */
export type States = {
  readonly key: () => { readonly createdAt: number; readonly expiresAt: number };
  readonly now: () => number;
  readonly breakers: () => readonly {
    readonly key: string;
    readonly model: string;
    readonly state: string;
  }[];
  readonly limits: () => readonly {
    readonly key: string;
    readonly model: string;
    readonly windows: readonly {
      readonly name: string;
      readonly limit: number | null;
      readonly remaining: number | null;
    }[];
  }[];
  /** Calls of the cloud that are open, or wait for their turn. */
  readonly concurrency: () => {
    readonly open: number;
    readonly waiting: number;
    readonly limit: number;
  };
  readonly local: () => LocalFigures;
  readonly isKnownModel: (model: string) => boolean;
};

type LocalFigures = {
  readonly model: string;
  readonly state: string;
  readonly queueLength: number;
  readonly queueLimit: number;
  readonly longestWaitMs: number;
  readonly deferredTotal: number;
  readonly answeredTotal: number;
  readonly failedTotal: number;
  readonly crashesTotal: number;
  readonly loadsTotal: number;
  readonly memoryBytes: number;
  readonly prefillPerSecond: number | undefined;
  readonly decodePerSecond: number | undefined;
};

const LOCAL_STATES = ['off', 'loading', 'ready', 'busy', 'broken'];
const BREAKER_STATES = ['closed', 'open', 'probing'];

type Sample = readonly [labels: Record<string, string>, value: number];

/** Exports what things are like at the moment of the scrape; nothing is counted in between. */
export function stateMetrics(register: Registry, states: States): void {
  function gauge(name: string, help: string, labelNames: string[], samples: () => Sample[]): void {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [register],
      collect() {
        this.reset();
        for (const [labels, value] of samples()) this.set(labels, value);
      },
    });
  }
  /** A count that somebody else keeps. */
  function total(name: string, help: string, value: () => number): void {
    new Counter({
      name,
      help,
      registers: [register],
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  }
  const single = (value: number | undefined): Sample[] =>
    value === undefined ? [] : [[{}, value]];

  gauge('keyturn_key_age_seconds', 'Age of the client key.', [], () =>
    single((states.now() - states.key().createdAt) / 1000),
  );
  gauge('keyturn_key_seconds_left', 'Until the client key turns.', [], () =>
    single((states.key().expiresAt - states.now()) / 1000),
  );
  gauge(
    'keyturn_breaker_state',
    'Circuit breakers: 1 for the state that it is in.',
    ['key', 'model', 'state'],
    () =>
      states
        .breakers()
        .filter(({ model }) => states.isKnownModel(model))
        .flatMap(({ key, model, state }) =>
          BREAKER_STATES.map(
            (each): Sample => [{ key, model, state: each }, each === state ? 1 : 0],
          ),
        ),
  );
  gauge('keyturn_upstream_calls', 'Calls of the cloud, by state.', ['state'], () => {
    const { open, waiting } = states.concurrency();
    return [
      [{ state: 'open' }, open],
      [{ state: 'waiting' }, waiting],
    ];
  });
  gauge('keyturn_upstream_calls_limit', 'Calls of the cloud that may be open at once.', [], () =>
    single(states.concurrency().limit),
  );
  const windows = (pick: 'limit' | 'remaining') => () =>
    states
      .limits()
      .filter(({ model }) => states.isKnownModel(model))
      .flatMap(({ key, model, windows }) =>
        windows.flatMap((window): Sample[] => {
          const value = window[pick];
          return value === null ? [] : [[{ key, model, window: window.name }, value]];
        }),
      );
  const windowLabels = ['key', 'model', 'window'];
  gauge(
    'keyturn_limit',
    "The provider's limits, as far as they are known.",
    windowLabels,
    windows('limit'),
  );
  gauge(
    'keyturn_limit_remaining',
    'What is left of each limit.',
    windowLabels,
    windows('remaining'),
  );

  gauge('keyturn_local_state', 'The local model: 1 for its state.', ['model', 'state'], () => {
    const { model, state } = states.local();
    return LOCAL_STATES.map((each): Sample => [{ model, state: each }, each === state ? 1 : 0]);
  });
  const figures: readonly (readonly [
    string,
    string,
    (local: LocalFigures) => number | undefined,
  ])[] = [
    ['queue_length', 'Requests that wait for the local model.', (local) => local.queueLength],
    [
      'queue_longest_wait_seconds',
      'How long the first in line has waited for it.',
      (local) => local.longestWaitMs / 1000,
    ],
    ['queue_limit', 'Requests that may wait for it.', (local) => local.queueLimit],
    ['memory_bytes', "Resident memory of the local model's process.", (local) => local.memoryBytes],
    [
      'prompt_tokens_per_second',
      'Its speed in reading prompts.',
      (local) => local.prefillPerSecond,
    ],
    ['output_tokens_per_second', 'Its speed in writing answers.', (local) => local.decodePerSecond],
  ];
  for (const [name, help, pick] of figures) {
    gauge(`keyturn_local_${name}`, help, [], () => single(pick(states.local())));
  }
  total(
    'keyturn_local_deferred_total',
    'Requests that had to wait for the local model.',
    () => states.local().deferredTotal,
  );
  total(
    'keyturn_local_answered_total',
    'Requests that it answered.',
    () => states.local().answeredTotal,
  );
  total(
    'keyturn_local_failed_total',
    'Requests that it could not answer.',
    () => states.local().failedTotal,
  );
  total(
    'keyturn_local_crashes_total',
    'How often its process ended by itself.',
    () => states.local().crashesTotal,
  );
  total('keyturn_local_loads_total', 'How often it was loaded.', () => states.local().loadsTotal);
}
