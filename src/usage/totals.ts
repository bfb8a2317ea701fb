import type { Row, Sums } from './usage-state.ts';

/** Sums of nothing. */
export function noSums(): Sums {
  return {
    requests: 0,
    attempts: 0,
    failed_attempts: 0,
    prompt_tokens: 0,
    completion_tokens: 0,
    cached_tokens: 0,
    cost_nano: 0,
    latency_ms: 0,
    first_token_ms: 0,
    first_tokens: 0,
  };
}

/** Adds sums to sums. */
export function addTo(sums: Sums, part: Sums): void {
  sums.requests += part.requests;
  sums.attempts += part.attempts;
  sums.failed_attempts += part.failed_attempts;
  sums.prompt_tokens += part.prompt_tokens;
  sums.completion_tokens += part.completion_tokens;
  sums.cached_tokens += part.cached_tokens;
  sums.cost_nano += part.cost_nano;
  sums.latency_ms += part.latency_ms;
  sums.first_token_ms += part.first_token_ms;
  sums.first_tokens += part.first_tokens;
}

/** Counts a request; what its attempts took is counted with them. */
export function countRequest(
  sums: Sums,
  { latency_ms, first_token_ms }: Pick<Row, 'latency_ms' | 'first_token_ms'>,
): void {
  sums.requests += 1;
  sums.latency_ms += latency_ms;
  if (first_token_ms === null) return;
  sums.first_token_ms += first_token_ms;
  sums.first_tokens += 1;
}

/** Sums by name. Callers choose some of the names, so beyond `most` they go under `other`. */
export class SumsByName {
  readonly all: Map<string, Sums>;
  private readonly most: number;

  constructor(kept: Readonly<Record<string, Sums>>, most: number) {
    this.all = new Map(Object.entries(kept).map(([name, sums]) => [name, { ...sums }]));
    this.most = most;
  }

  of(name: string): Sums {
    const known = this.all.get(name);
    if (known) return known;
    const key = this.all.size < this.most ? name : 'other';
    const sums = this.all.get(key) ?? noSums();
    this.all.set(key, sums);
    return sums;
  }

  /** The same, but what was first named is forgotten: for days. */
  ofNewest(name: string): Sums {
    const [oldest] = this.all.keys();
    const isFull = this.all.size >= this.most && !this.all.has(name);
    if (isFull && oldest !== undefined) this.all.delete(oldest);
    return this.of(name);
  }
}
