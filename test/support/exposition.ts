/** One sample of Prometheus' text format. */
export type Sample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

/** What `GET /metrics` answered. */
export type Exposition = {
  readonly samples: readonly Sample[];
  /** By the metric's name, without the suffixes of a histogram. */
  readonly types: ReadonlyMap<string, string>;
  readonly helps: ReadonlyMap<string, string>;
  /** The value of a sample, or the sum of all that match; undefined when there is none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined;
};

/**
 * Reads Prometheus' text format, version 0.0.4.
 *
 * @throws for a line that is none of it.
 */
export function readExposition(text: string): Exposition {
  const samples: Sample[] = [];
  const types = new Map<string, string>();
  const helps = new Map<string, string>();
  for (const line of text.split('\n').filter(Boolean)) {
    const [, kind, about = '', rest = ''] = /^# (TYPE|HELP) (\S+) (.+)$/.exec(line) ?? [];
    if (kind) (kind === 'TYPE' ? types : helps).set(about, rest);
    else samples.push(sampleOf(line));
  }
  return {
    samples,
    types,
    helps,
    value: (name, wanted = {}) => {
      const found = samples.filter(
        (sample) =>
          sample.name === name &&
          Object.entries(wanted).every(([label, value]) => sample.labels[label] === value),
      );
      return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
    },
  };
}

function sampleOf(line: string): Sample {
  const [, name, inner = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (!name || (value !== 'Nan' && Number.isNaN(Number(value))))
    throw new Error(`no sample: ${line}`);
  const labels = [...inner.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)",?/g)].map(
    ([, label = '', text = '']) => [label, text] as const,
  );
  return { name, labels: Object.fromEntries(labels), value: Number(value) };
}
