import { expect, it } from 'vitest';
import { utcIntl } from '../../tools/build/utc-intl.ts';

/** As node-cron asks. */
const PARTS = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  weekday: 'short',
  hour12: false,
} as const;
const OFFSET = { timeZoneName: 'shortOffset' } as const;

type Options = typeof PARTS | typeof OFFSET;

const HOUR = 3_600_000;
const moments = Array.from({ length: 2_000 }, (_, index) => {
  const sinceStart = index * 37 * HOUR + index * 61_001;
  return new Date(Date.UTC(2024, 1, 27) + sinceStart);
});

/** What node-cron makes of the parts: numbers, apart from names. Midnight is 24 in some of Node's. */
function read(parts: readonly { type: string; value: string }[]): Record<string, string> {
  const numbered = parts
    .filter(({ type }) => type !== 'literal')
    .map(({ type, value }) => [type, value.replace(/^0(?=\d)/, '')]);
  const found = Object.fromEntries(numbered);
  return found.hour === '24' ? { ...found, hour: '0' } : found;
}

it.each([PARTS, OFFSET])("tells the time in UTC as Node's own Intl does: %o", (options) => {
  const asked = { ...options, timeZone: 'UTC' };
  const theirs = new Intl.DateTimeFormat('en-US', asked);
  const ours = new utcIntl.DateTimeFormat('en-US', asked);
  for (const moment of moments) {
    expect(read(ours.formatToParts(moment))).toMatchObject(wanted(theirs, moment, options));
  }
});

function wanted(format: Intl.DateTimeFormat, moment: Date, options: Options): object {
  const parts = read(format.formatToParts(moment));
  return 'timeZoneName' in options ? { timeZoneName: parts['timeZoneName'] } : parts;
}

it("tells the time of other zones by Node's own Intl", () => {
  const asked = { ...PARTS, timeZone: 'Asia/Kolkata' };
  const [moment = new Date()] = moments;
  const theirs = new Intl.DateTimeFormat('en-US', asked).formatToParts(moment);
  expect(new utcIntl.DateTimeFormat('en-US', asked).formatToParts(moment)).toEqual(theirs);
});
