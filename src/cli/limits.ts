import { parseArgs } from 'node:util';
import type { RateLimitsReport } from '../http/reports/rate-limits-schema.ts';
import type { Command } from './command.ts';
import { type Connection, connect, type Sending } from './connection.ts';
import { count, table, timeSpan } from './table.ts';

const USAGE = `Usage: keyturn limits [--json]

Shows how much of each model's rate limits is used and left, and how many calls are under way.
`;

const COLUMNS = [
  { title: 'model' },
  { title: 'window' },
  { title: 'used', isNumber: true },
  { title: 'left', isNumber: true },
  { title: 'limit', isNumber: true },
  { title: 'free again in', isNumber: true },
];

/** `keyturn limits`: the rate limits as a table. */
export const limits: Command = {
  about: "show what is left of the models' rate limits",
  usage: USAGE,
  run: async (args) => {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean' } } });
    const report = await fetchLimits(connect());
    const text = values.json ? `${JSON.stringify(report, null, 2)}\n` : limitsTable(report);
    process.stdout.write(text);
  },
};

/** Asks for `GET /api/rate-limits`. */
export async function fetchLimits(
  server: Connection,
  options: Sending = {},
): Promise<RateLimitsReport> {
  return (await server.asClient('/api/rate-limits', options)).json() as Promise<RateLimitsReport>;
}

/** The answer of `GET /api/rate-limits` as a table. */
export function limitsTable({ models, concurrency }: RateLimitsReport): string {
  const rows = models.flatMap(({ key, model, windows }) =>
    windows
      .filter(({ limit, used }) => limit !== null || used > 0)
      .map(({ window, used, remaining, limit, reset_ms }) => [
        new Set(models.map((each) => each.key)).size > 1 ? `${model} (${key.slice(0, 4)})` : model,
        window,
        count(used),
        count(remaining),
        count(limit),
        reset_ms > 0 ? timeSpan(reset_ms / 1000) : '–',
      ]),
  );
  const { open, waiting, limit } = concurrency;
  const calls = `${open} of ${limit} calls are open, ${waiting} wait.\n`;
  if (rows.length === 0) return `No cloud model was asked yet, so no limit is known.\n${calls}`;
  return `${table(COLUMNS, rows)}${calls}`;
}
