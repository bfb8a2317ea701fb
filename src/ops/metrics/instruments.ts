import type { Metric, Registry } from 'prom-client';

type Options = {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
};

type Series = { readonly labels: Record<string, string> };
type Count = Series & { value: number };
type Distribution = Series & { readonly counts: number[]; sum: number; total: number };

type Sample = {
  readonly labels: Record<string, string | number>;
  readonly value: number;
  readonly metricName?: string;
};

/**
 * A counter for the road of every request: its labels are bound once, so that counting is an
 * addition. prom-client's own looks its labels up each time, which takes a hundred times as long.
 */
export function counter(
  register: Registry,
  options: Options,
): (...labels: string[]) => (by?: number) => void {
  const all: Count[] = [];
  expose(register, options, 'counter', () => all.map(({ labels, value }) => ({ labels, value })));
  return (...labels) => {
    const count: Count = { labels: named(options, labels), value: 0 };
    all.push(count);
    return (by = 1) => {
      count.value += by;
    };
  };
}

/** A histogram of the same kind. `buckets` are upper bounds, smallest first. */
export function histogram(
  register: Registry,
  options: Options & { readonly buckets: readonly number[] },
): (...labels: string[]) => (value: number) => void {
  const { name, buckets } = options;
  const all: Distribution[] = [];
  expose(register, options, 'histogram', () => all.flatMap((each) => samples(name, buckets, each)));
  return (...labels) => {
    const counts = buckets.map(() => 0);
    const mine: Distribution = { labels: named(options, labels), counts, sum: 0, total: 0 };
    all.push(mine);
    return (value) => {
      mine.sum += value;
      mine.total += 1;
      const at = buckets.findIndex((bound) => value <= bound);
      if (at >= 0) counts[at] = (counts[at] ?? 0) + 1;
    };
  };
}

function samples(name: string, buckets: readonly number[], each: Distribution): Sample[] {
  const { labels, counts, sum, total } = each;
  let below = 0;
  const bars = buckets.map((bound, index) => {
    below += counts[index] ?? 0;
    return { labels: { ...labels, le: bound }, value: below, metricName: `${name}_bucket` };
  });
  return [
    ...bars,
    { labels: { ...labels, le: '+Inf' }, value: total, metricName: `${name}_bucket` },
    { labels, value: sum, metricName: `${name}_sum` },
    { labels, value: total, metricName: `${name}_count` },
  ];
}

function expose(
  register: Registry,
  { name, help }: Options,
  type: 'counter' | 'histogram',
  values: () => Sample[],
): void {
  const metric = {
    name,
    get: async () => ({ name, help, type, aggregator: 'sum', values: values() }),
  };
  // All that a registry asks of a metric is its name and what it holds.
  register.registerMetric(metric as unknown as Metric);
}

function named({ labelNames = [] }: Options, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(labelNames.map((name, index) => [name, values[index] ?? '']));
}
