/** A column: its heading, and whether its cells are numbers, which stand to the right. */
export type Column = { readonly title: string; readonly isNumber?: boolean };

/** Text in columns, as wide as their widest cell. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const titles = columns.map(({ title }) => title);
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((row) => (row[index] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map(({ isNumber }, index) => {
        const cell = cells[index] ?? '';
        const width = widths[index] ?? 0;
        return isNumber ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width));
  return `${[titles, rule, ...rows].map(line).join('\n')}\n`;
}

const IN_ENGLISH = new Intl.NumberFormat('en');

/** A count with its thousands apart; a dash for what is not known. */
export function count(value: number | null | undefined): string {
  return value === undefined || value === null ? '–' : IN_ENGLISH.format(value);
}

/** A time span in the two largest units: `6 d 23 h`, `4 min 5 s`. */
export function timeSpan(seconds: number): string {
  const units = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const;
  let left = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [size, name] of units) {
    const whole = Math.floor(left / size);
    left -= whole * size;
    if (whole > 0 || (size === 1 && parts.length === 0)) parts.push(`${whole} ${name}`);
  }
  return parts.slice(0, 2).join(' ');
}
