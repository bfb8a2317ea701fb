import { type Bucket, createBucket } from './bucket.ts';
import { goDuration } from './go-duration.ts';
import type { Refusal } from './refusal.ts';

/** Limits of one model and key: requests and tokens, a minute and a day. */
export type Limits = {
  readonly rpm: number;
  readonly rpd: number;
  readonly tpm: number;
  readonly tpd: number;
};

/** Groq's free plan. */
export const freePlan: Limits = { rpm: 30, rpd: 1000, tpm: 8000, tpd: 200_000 };

/** Limits that no test run reaches. */
export const generous: Limits = { rpm: 1e6, rpd: 1e9, tpm: 1e9, tpd: 1e12 };

/** A request that was let through: its headers, and the settling of what it really cost. */
type Admission = {
  readonly headers: Readonly<Record<string, string>>;
  settle(tokens: number): void;
};

type LimitName = keyof Limits;

const periodMs: Readonly<Record<LimitName, number>> = {
  ...{ rpm: 60_000, rpd: 86_400_000 },
  ...{ tpm: 60_000, tpd: 86_400_000 },
};
const spoken: Readonly<Record<LimitName, string>> = {
  ...{ rpm: 'requests per minute (RPM)', rpd: 'requests per day (RPD)' },
  ...{ tpm: 'tokens per minute (TPM)', tpd: 'tokens per day (TPD)' },
};

type Buckets = Readonly<Record<LimitName, Bucket>>;

const about = (model: string, name: LimitName): string =>
  `model \`${model}\` in organization \`org_lab\` service tier \`on_demand\` on ${spoken[name]}`;

function exhausted(model: string, name: LimitName, limit: number, bucket: Bucket, cost: number) {
  const waitMs = bucket.waitMs(cost);
  const amounts = `Limit ${limit}, Used ${Math.ceil(bucket.level())}, Requested ${cost}`;
  return {
    status: 429,
    headers: { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) },
    error: {
      message: `Rate limit reached for ${about(model, name)}: ${amounts}. Please try again in ${goDuration(waitMs)}.`,
      ...{ type: name.startsWith('t') ? 'tokens' : 'requests', code: 'rate_limit_exceeded' },
    },
  };
}

/** 413 for a request that asks for more tokens than a whole minute has. */
export const tooManyTokens = (model: string, limit: number, requested: number): Refusal => ({
  status: 413,
  error: {
    message: `Request too large for ${about(model, 'tpm')}: Limit ${limit}, Requested ${requested}, please reduce your message size and try again.`,
    ...{ type: 'tokens', code: 'rate_limit_exceeded' },
  },
});

/** Counts requests and tokens of every model and key. */
export function createLimiter(limitsOf: (model: string) => Limits, now: () => number) {
  const all = new Map<string, Buckets>();

  function bucketsOf(key: string, model: string, limits: Limits): Buckets {
    const name = JSON.stringify([key, model]);
    const made = (limit: LimitName) => createBucket(limits[limit], periodMs[limit], now);
    const found = all.get(name) ?? {
      ...{ rpm: made('rpm'), rpd: made('rpd'), tpm: made('tpm'), tpd: made('tpd') },
    };
    all.set(name, found);
    return found;
  }

  const headersOf = (limits: Limits, { rpd, tpm }: Buckets): Record<string, string> => ({
    'x-ratelimit-limit-requests': String(limits.rpd),
    'x-ratelimit-limit-tokens': String(limits.tpm),
    'x-ratelimit-remaining-requests': String(rpd.remaining()),
    'x-ratelimit-remaining-tokens': String(tpm.remaining()),
    'x-ratelimit-reset-requests': goDuration(rpd.resetMs()),
    'x-ratelimit-reset-tokens': goDuration(tpm.resetMs()),
  });

  return {
    /** The headers as they stand, without counting anything. */
    headers(key: string, model: string) {
      const limits = limitsOf(model);
      return headersOf(limits, bucketsOf(key, model, limits));
    },
    /** Counts one request that wants so many tokens, or refuses it. */
    take(key: string, model: string, tokens: number): Admission | Refusal {
      const limits = limitsOf(model);
      const buckets = bucketsOf(key, model, limits);
      if (tokens > limits.tpm) {
        return { ...tooManyTokens(model, limits.tpm, tokens), headers: headersOf(limits, buckets) };
      }
      const costs: Limits = { rpm: 1, rpd: 1, tpm: tokens, tpd: tokens };
      for (const name of ['rpm', 'rpd', 'tpm', 'tpd'] as const) {
        if (buckets[name].level() + costs[name] <= limits[name]) continue;
        const refusal = exhausted(model, name, limits[name], buckets[name], costs[name]);
        return { ...refusal, headers: { ...headersOf(limits, buckets), ...refusal.headers } };
      }
      for (const name of ['rpm', 'rpd', 'tpm', 'tpd'] as const) buckets[name].add(costs[name]);
      return {
        headers: headersOf(limits, buckets),
        settle(spent) {
          buckets.tpm.add(spent - tokens);
          buckets.tpd.add(spent - tokens);
        },
      };
    },
    clear: () => all.clear(),
  };
}

/** Counts requests and tokens of every model and key. */
export type Limiter = ReturnType<typeof createLimiter>;
