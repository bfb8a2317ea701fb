import type { Row } from '../../usage/usage-state.ts';
import { viewOf } from './usage-report.ts';

const COLUMNS = [
  'time',
  'route',
  'model',
  'served_by',
  'trail',
  'status',
  'outcome',
  'prompt_tokens',
  'completion_tokens',
  'total_tokens',
  'cached_tokens',
  'estimated',
  'latency_ms',
  'first_token_ms',
  'cost',
  'arm',
  'cache',
  'rescue',
  'id',
] as const;

/** The recent requests as RFC 4180 has it, oldest first, with a header line. */
export function usageCsv(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const view = viewOf(row);
    return COLUMNS.map((column) => cell(view[column])).join(',');
  });
  return `${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}

/** A text that a spreadsheet would take for a formula is made harmless. */
function cell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return plainNumber(value);
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Without an exponent, which small costs would have. */
function plainNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(9).replace(/0+$/, '');
}
