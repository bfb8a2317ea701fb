const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

type Options = Intl.DateTimeFormatOptions;
type Part = { readonly type: string; readonly value: string };

class UtcFormat {
  constructor(language: string, options: Options) {
    // biome-ignore lint/correctness/noConstructorReturn: node-cron writes `new Intl.DateTimeFormat`.
    if (options.timeZone !== 'UTC') return new Intl.DateTimeFormat(language, options);
  }

  /** In an order of their own: node-cron looks them up by type. */
  formatToParts(date: Date): Part[] {
    return Object.entries({
      year: date.getUTCFullYear(),
      month: twoDigits(date.getUTCMonth() + 1),
      day: twoDigits(date.getUTCDate()),
      hour: twoDigits(date.getUTCHours()),
      minute: twoDigits(date.getUTCMinutes()),
      second: twoDigits(date.getUTCSeconds()),
      weekday: WEEKDAYS[date.getUTCDay()],
      timeZoneName: 'GMT+0',
    }).map(([type, value]) => ({ type, value: String(value) }));
  }
}

/**
 * `Intl` for node-cron, which reads the clock by it. The first use of Node's own costs seven megabytes
 * for as long as the process lives (tables of all languages and calendars), and the server looks at the
 * clock in UTC alone, where the parts of a date are arithmetic. Other zones get Node's.
 */
export const utcIntl = { DateTimeFormat: UtcFormat };

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
