import { isIP } from 'node:net';
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

/** Items by commas; empty ones are left out. */
export function list() {
  return z.string().transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );
}

/**
 * What an HTTP header can hold: a line end from a copied file would break every call, and quotes that a
 * shell would have taken away be refused by the provider.
 */
export function areTokens(keys: readonly string[]): boolean {
  return keys.every((key) => /^[\x21-\x7e]+$/.test(key) && !/["'`]/.test(key));
}

/** A secret that callers send in a header: whatever isn't ASCII arrives there as something else. */
export function headerText() {
  return z.string().regex(/^[\x20-\x7e]+$/, 'plain letters, digits and signs (ASCII), in one line');
}

/** Where to listen. */
export function hostName() {
  return z.string().refine(
    // Behind a % stands the name of an interface.
    (host) => isIP(host.replace(/%\S+$/, '')) !== 0 || /^[\w.-]+$/.test(host),
    'an IP address or a host name, without http:// and port',
  );
}

/** `*`, or origins as browsers send them. */
export function origins() {
  const expected = '* or origins by commas, without a path: https://chat.example.org';
  return list().transform((given, context): readonly string[] => {
    const known = given.map(originOf);
    if (known.length > 0 && known.every((each) => each !== undefined)) return known;
    context.addIssue(expected);
    return z.NEVER;
  });
}

/** In a browser's own spelling: lower case, no usual port, no slash. Extensions have schemes of their own. */
function originOf(text: string): string | undefined {
  if (text === '*' || text === 'null') return text;
  const [, scheme] = /^([a-z][a-z\d+.-]*):\/\/[^/?#@*\s]+\/?$/i.exec(text) ?? [];
  if (scheme === undefined || !URL.canParse(text)) return undefined;
  return /^https?$/i.test(scheme) ? new URL(text).origin : text.replace(/\/$/, '');
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
    .refine((text) => !/[?#]/.test(text), 'an address without ? and #: paths are put behind it')
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
    .pipe(z.url({ protocol: /^https?$/, error: 'an http or https address', abort: true }))
    .refine(isDecodable, 'a user name and password in which % and other signs are percent-encoded');
}

function isDecodable(address: string): boolean {
  const { username, password } = new URL(address);
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

/** A cron pattern that comes again; as in a crontab, tabs may part its fields. */
export function cron() {
  return z
    .string()
    .transform((pattern) => pattern.replace(/\s+/g, ' '))
    .refine(isCron, 'a cron pattern such as "0 6 * * 1"');
}

/** What croner understands and node-cron, which looks at these hours, doesn't. */
const CRONER_ALONE = /\+|\?\S|\S\?|-[^\s,]*#|#L/i;

/** A `?` may stand for the day of the month and the day of the week only. */
const ODD_QUESTION_MARK = /\?.*(\s\S+){3}$|(^|\s)\?\s+\S+$/;

/** node-cron takes neither a field of years nor a day that never comes. */
function isCron(pattern: string): boolean {
  if (CRONER_ALONE.test(pattern) || ODD_QUESTION_MARK.test(pattern)) return false;
  try {
    const options = { utcOffset: 0, paused: true, mode: '5-or-6-parts' } as const;
    return new Cron(pattern, options).nextRun() !== null;
  } catch {
    return false;
  }
}
