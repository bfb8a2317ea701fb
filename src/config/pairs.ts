import { z } from 'zod';

/**
 * Reads `name=value,name=value`, each side percent-encoded where it must be, as OpenTelemetry's
 * variables hold headers and attributes.
 */
export function pairsSetting() {
  return z.string().transform((text, context): Readonly<Record<string, string>> => {
    const pairs = text.split(',').filter((pair) => pair.trim() !== '');
    const read = pairs.map(pairOf);
    if (read.every((pair) => pair !== undefined)) return Object.fromEntries(read);
    context.addIssue('name=value, separated by commas; other characters percent-encoded');
    return z.NEVER;
  });
}

/** What a header can hold, on either side. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const VALUE = /^[\x20-\x7e]*$/;

function pairOf(pair: string): readonly [string, string] | undefined {
  const [name = '', ...rest] = pair.split('=');
  if (rest.length === 0) return undefined;
  try {
    const [key, value] = [name, rest.join('=')].map((side) => decodeURIComponent(side.trim()));
    return NAME.test(key ?? '') && VALUE.test(value ?? '') ? [key ?? '', value ?? ''] : undefined;
  } catch {
    return undefined;
  }
}

/** What belongs to a connection, and would make every delivery fail. */
const FRAMING: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

/** True where none of them is a header that only the sender itself may write. */
export function haveNoFraming(headers: Readonly<Record<string, string>>): boolean {
  return Object.keys(headers).every((name) => !FRAMING.has(name.toLowerCase()));
}
