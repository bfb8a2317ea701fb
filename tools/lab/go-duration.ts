const round = (value: number): string => String(Number(value.toFixed(3)));

/** A span as Go prints it, as in Groq's headers: `120ms`, `7.66s`, `2m59.56s`, `1h3m0s`. */
export function goDuration(milliseconds: number): string {
  const whole = Math.max(0, milliseconds);
  if (whole < 1000) return `${round(whole)}ms`;
  const hours = Math.floor(whole / 3_600_000);
  const minutes = Math.floor((whole % 3_600_000) / 60_000);
  const seconds = round((whole % 60_000) / 1000);
  if (hours > 0) return `${hours}h${minutes}m${seconds}s`;
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`;
}
