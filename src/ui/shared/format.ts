const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS = [
  [DAY, 'd', HOUR, 'h'],
  [HOUR, 'h', MINUTE, 'min'],
  [MINUTE, 'min', SECOND, 's'],
] as const;

/** A length of time in its two largest units: `3 d 4 h`, `12 min 5 s`, `4.2 s`, `850 ms`. */
export function duration(ms: number): string {
  if (ms < SECOND) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10 * SECOND) return `${(ms / SECOND).toFixed(1)} s`;
  const found = UNITS.find(([large]) => ms >= large);
  if (!found) return `${Math.floor(ms / SECOND)} s`;
  const [large, name, small, smallName] = found;
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${name}${rest > 0 ? ` ${rest} ${smallName}` : ''}`;
}

/** The reader's time of day: `17:05:09`. */
export function timeOfDay(time: Date | number | string): string {
  return new Date(time).toTimeString().slice(0, 8);
}

/** The same to the minute: `17:05`. */
export function minuteOfDay(time: Date | number | string): string {
  return timeOfDay(time).slice(0, 5);
}

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** A number with its thousands apart: `12,345`. */
export const count = (value: number): string => whole.format(value);

/** A number in little room: `12.3K`. */
export const compact = (value: number): string => short.format(value);
