import { parseArgs } from 'node:util';
import type { Command } from './command.ts';
import { connect } from './connection.ts';

const USAGE = `Usage: keyturn limits [--json]

Shows how much of each model's rate limits is used and left.
`;

/** `keyturn limits`: the rate limits as a table. */
export const limits: Command = {
  about: "show what is left of the models' rate limits",
  usage: USAGE,
  run: async (args) => {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean' } } });
    const report: unknown = await (await connect().asClient('/api/rate-limits')).json();
    process.stdout.write(
      values.json ? `${JSON.stringify(report, null, 2)}\n` : limitsTable(report),
    );
  },
};

/** The answer of `GET /api/rate-limits` as a table. */
export function limitsTable(report: unknown): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
