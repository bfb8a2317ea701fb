import { Cron } from 'croner';
import { z } from 'zod';

const WITHOUT_PASSWORD = 'an address without a user name or password';

/** A whole number, digits only. */
export function whole(min: number, max: number) {
  const expected = `a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d+$/, expected)
    .transform(Number)
    .refine((value) => value >= min && value <= max, expected);
}

/** Milliseconds, at least one. */
export function duration() {
  // setTimeout fires at once beyond this.
  return whole(1, 2_147_483_647);
}

/** A number with or without a fraction. */
export function decimal(min: number, max: number) {
  const expected = `a number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d+(\.\d+)?$/, expected)
    .transform(Number)
    .refine((value) => value >= min && value <= max, expected);
}

/** The same, above 0. */
export function positive(max: number) {
  const expected = `a number above 0, at most ${max}`;
  return z
    .string()
    .regex(/^\d+(\.\d+)?$/, expected)
    .transform(Number)
    .refine((value) => value > 0 && value <= max, expected);
}

/** Items by commas; empty ones are left out. */
export function list() {
  return z.string().transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );
}

/** What an HTTP header can hold: a line end from a copied file would break every call. */
export function areTokens(keys: readonly string[]): boolean {
  return keys.every((key) => /^[\x21-\x7e]+$/.test(key));
}

/** Pairs of `name=model`. */
export function aliases() {
  return list().transform((pairs, context) => {
    const split = pairs.map((pair) => pair.split('=').map((side) => side.trim()));
    if (split.some((sides) => sides.length !== 2 || sides.includes(''))) {
      context.addIssue('pairs of name=model, separated by commas');
      return z.NEVER;
    }
    return Object.fromEntries(split) as Record<string, string>;
  });
}

/** Where an API is, without a slash at its end. */
export function baseUrl() {
  return z
    .url({ protocol: /^https?$/, error: 'an http or https address', abort: true })
    .refine(hasNoPassword, WITHOUT_PASSWORD)
    .transform((text) => text.replace(/\/+$/, ''));
}

/** Where a webhook is. fetch takes no address with a password in it, and would quote it in its error. */
export function webhookUrl() {
  return z
    .url({ protocol: /^https?$/, error: 'an http or https address', abort: true })
    .refine(hasNoPassword, WITHOUT_PASSWORD);
}

function hasNoPassword(address: string): boolean {
  const { username, password } = new URL(address);
  return username === '' && password === '';
}

/** Where a proxy is: often given as host and port alone. */
export function proxyUrl() {
  return z
    .string()
    .transform((text) => (text.includes('://') ? text : `http://${text}`))
    .pipe(z.url({ protocol: /^https?$/, error: 'an http or https address' }));
}

/** A cron pattern that comes again. */
export function cron() {
  return z.string().refine(isCron, 'a cron pattern such as "0 6 * * 1"');
}

/** node-cron, which looks at these hours, takes neither a field of years nor a day that never comes. */
function isCron(pattern: string): boolean {
  try {
    const options = { utcOffset: 0, paused: true, mode: '5-or-6-parts' } as const;
    return new Cron(pattern, options).nextRun() !== null;
  } catch {
    return false;
  }
}
