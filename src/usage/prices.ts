import type { Usage } from '../core/chat.ts';
import { cachedTokens } from '../core/usage.ts';

/** Dollars a million tokens. */
export type Price = {
  readonly input: number;
  readonly output: number;
  /** Prompt tokens that the provider had cached; the same as `input` where it is not set. */
  readonly cached_input?: number | undefined;
};

export type Prices = Readonly<Record<string, Price>>;

/** Groq's prices of November 2026 (https://groq.com/pricing). The free plan shows what it would cost. */
const TABLE: Prices = {
  'openai/gpt-oss-120b': { input: 0.15, output: 0.6 },
  'openai/gpt-oss-20b': { input: 0.075, output: 0.3 },
};

/** Finds a model's price: the operator's own, else the table's. */
export function priceList(own: Prices): (model: string) => Price | undefined {
  const all = new Map(Object.entries({ ...TABLE, ...own }));
  return (model) => all.get(model);
}

/** `groq/openai/gpt-oss-120b` is known by its model; the local one keeps its whole name. */
export function modelOf(provider: string): string {
  return (provider.startsWith('groq/') ? provider.slice(5) : provider).slice(0, 200);
}

/** Money is summed in whole billionths of a dollar, so that sums are exact. */
export const NANOS = 1_000_000_000;

/** What a call cost, in billionths of a dollar; 0 where there is no price. */
export function costOf(usage: Usage, price: Price | undefined): number {
  if (!price) return 0;
  const { prompt_tokens: prompt, completion_tokens: completion } = usage;
  const cached = cachedTokens(usage);
  const nanosAToken = (dollars: number) => Math.round(dollars * 1_000);
  return (
    (prompt - cached) * nanosAToken(price.input) +
    cached * nanosAToken(price.cached_input ?? price.input) +
    completion * nanosAToken(price.output)
  );
}
