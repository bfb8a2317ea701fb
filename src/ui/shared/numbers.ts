/** US dollars, small ones as well: `$1.24`, `$0.0031`. */
export function dollars(value: number): string {
  if (value === 0) return '$0';
  if (value >= 0.995) return `$${value.toFixed(2)}`;
  if (value < 0.000001) return '<$0.000001';
  return `$${Number(value.toPrecision(2)).toFixed(8).replace(/0+$/, '')}`;
}

const finePrice = new Intl.NumberFormat('en', {
  style: 'currency',
  currency: 'USD',
  maximumFractionDigits: 6,
});

/** What a million tokens cost, in cents or finer: `$0.60`, `$0.075`. */
export const price = (value: number): string => finePrice.format(value);

/** Less time than this tells no speed. */
const SHORTEST_MS = 50;

/**
 * How fast an answer was, in whole tokens a second; undefined where it was too short to tell.
 *
 * @param ms from the first token on, or all the time where nobody saw the first
 */
export function tokensPerSecond(tokens: number, ms: number): number | undefined {
  return tokens > 1 && ms > SHORTEST_MS ? Math.round((tokens - 1) / (ms / 1000)) : undefined;
}

/** Bytes as people say them: `35 MB`. */
export function bytes(value: number): string {
  if (value < 1024 * 1024) return `${Math.round(value / 1024)} KB`;
  if (value < 1024 ** 3) return `${Math.round(value / 1024 ** 2)} MB`;
  return `${(value / 1024 ** 3).toFixed(1)} GB`;
}

/** A share of a whole: `4 %`, `0.3 %`. */
export function percent(share: number): string {
  const hundredths = share * 100;
  return `${hundredths > 0 && hundredths < 1 ? hundredths.toFixed(1) : Math.round(hundredths)} %`;
}
