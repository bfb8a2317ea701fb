/** What a key has left of a model's limits, by the headers of its last answer. */
export type Quota = {
  learn(model: string, headers: Readonly<Record<string, string>>): void;
  /** The smaller share of requests and tokens, 0 to 1; 1 while nothing is known. */
  left(model: string): number;
};

/** Models that are remembered; callers may name any, so there is a limit. */
const MAX_MODELS = 1_000;

/** Remembers the limits of one key. */
export function quota(): Quota {
  const shares = new Map<string, number>();
  return {
    left: (model) => shares.get(model) ?? 1,
    learn: (model, headers) => {
      const share = Math.min(shareOf(headers, 'requests'), shareOf(headers, 'tokens'));
      if (shares.size >= MAX_MODELS && !shares.has(model)) shares.clear();
      shares.set(model, share);
    },
  };
}

function shareOf(headers: Readonly<Record<string, string>>, kind: 'requests' | 'tokens'): number {
  const limit = Number(headers[`x-ratelimit-limit-${kind}`]);
  const remaining = Number(headers[`x-ratelimit-remaining-${kind}`]);
  return limit > 0 && remaining >= 0 ? remaining / limit : 1;
}
