import { Counter, Gauge, Registry } from 'prom-client';
import type { AttemptRecord } from '../core/tally.ts';
import { attemptMetrics } from './metrics/attempts.ts';
import { OTHER } from './metrics/labels.ts';
import { processMetrics } from './metrics/process.ts';
import { type RequestFacts, requestMetrics } from './metrics/requests.ts';
import { type States, stateMetrics } from './metrics/states.ts';

/** What is counted and measured, for Prometheus. */
export type Metrics = {
  /** From now on these are looked at as well. */
  watch(states: States): void;
  /** A request is over. */
  request(facts: RequestFacts): void;
  /** A call of a provider is over; `dollars` is its price. */
  attempt(record: AttemptRecord, dollars: number): void;
  /** One attempt of a cloud model failed. */
  attemptFailed(failed: {
    readonly model: string | undefined;
    readonly cause: string;
    readonly isRetried: boolean;
  }): void;
  /** An event of a cloud model's stream was malformed, and left out. */
  malformed(model: string): void;
  /** A stream broke in the middle, and was carried on or not. */
  rescue(kind: string, outcome: 'rescued' | 'failed'): void;
  /** What `GET /metrics` answers. */
  exposition(): Promise<{ readonly contentType: string; readonly text: string }>;
};

/** Opens an empty set of metrics. Recording one takes a microsecond or less. */
export function openMetrics({ version }: { readonly version: string }): Metrics {
  let isKnownModel: States['isKnownModel'] = () => false;
  const register = new Registry();
  const registers = [register];
  const processWatched = processMetrics(register);
  new Gauge({
    name: 'keyturn_build_info',
    help: 'Always 1; the version is in its label.',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);
  const failures = new Counter({
    name: 'keyturn_attempt_failures_total',
    help: 'Attempts of cloud models that failed, by cause.',
    labelNames: ['model', 'cause'],
    registers,
  });
  const retries = new Counter({
    name: 'keyturn_retries_total',
    help: 'Failed attempts after which the same model was asked again.',
    labelNames: ['model'],
    registers,
  });
  const malformed = new Counter({
    name: 'keyturn_malformed_events_total',
    help: 'Events of streams that were malformed and left out.',
    labelNames: ['model'],
    registers,
  });
  const rescues = new Counter({
    name: 'keyturn_rescues_total',
    help: 'Streams that broke in the middle, by how they broke, and whether they were carried on.',
    labelNames: ['kind', 'outcome'],
    registers,
  });

  const known = (model: string) => (isKnownModel(model) ? model : OTHER);

  return {
    watch: (states) => {
      isKnownModel = states.isKnownModel;
      stateMetrics(register, states);
    },
    attempt: attemptMetrics(register, (model) => isKnownModel(model)),
    request: requestMetrics(register, (model) => isKnownModel(model)),
    attemptFailed: ({ model: asked = OTHER, cause, isRetried }) => {
      const model = known(asked);
      failures.inc({ model, cause });
      if (isRetried) retries.inc({ model });
    },
    malformed: (model) => malformed.inc({ model: known(model) }),
    rescue: (kind, outcome) => rescues.inc({ kind, outcome }),
    exposition: async () => {
      await processWatched();
      return { contentType: register.contentType, text: await register.metrics() };
    },
  };
}
