import { parseArgs } from 'node:util';
import type { Command } from './command.ts';
import { connect } from './connection.ts';

const USAGE = `Usage: keyturn usage [--json]

Shows requests, tokens and cost by model.
`;

/** `keyturn usage`: what was used, as a table. */
export const usage: Command = {
  about: 'show requests, tokens and cost',
  usage: USAGE,
  run: async (args) => {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean' } } });
    const report: unknown = await (await connect().asClient('/api/usage')).json();
    process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : usageTable(report));
  },
};

function usageTable(report: unknown): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
