import { parseArgs } from 'node:util';
import type { UsageReport } from '../http/reports/usage-schema.ts';
import type { Command } from './command.ts';
import { connect } from './connection.ts';
import { count, table } from './table.ts';

const USAGE = `Usage: keyturn usage [--days] [--json]

Shows requests, tokens and cost by model, or by day.

  --days  by day
  --json  print what the server answers
`;

const NUMBERS = ['requests', 'failed attempts', 'prompt', 'completion', 'cost $'].map((title) => ({
  title,
  isNumber: true,
}));

type Sums = UsageReport['total'];

/** `keyturn usage`: what was used, as a table. */
export const usage: Command = {
  about: 'show requests, tokens and cost',
  usage: USAGE,
  run: async (args) => {
    const options = { days: { type: 'boolean' }, json: { type: 'boolean' } } as const;
    const { values } = parseArgs({ args, options });
    const answer = await connect().asClient('/api/usage?recent=0');
    const report = (await answer.json()) as UsageReport;
    const text = values.days
      ? usageTable('day', report.by_day, report)
      : usageTable('model', report.by_model, report);
    process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : text);
  },
};

function usageTable(
  title: string,
  by: Readonly<Record<string, Sums>>,
  { total, since }: UsageReport,
): string {
  const rows = Object.entries(by).map(([name, sums]) => row(name, sums));
  return `${table([{ title }, ...NUMBERS], [...rows, row('total', total)])}Since ${since}.\n`;
}

function row(name: string, sums: Sums): string[] {
  const { requests, failed_attempts, prompt_tokens, completion_tokens, cost } = sums;
  const counts = [requests, failed_attempts, prompt_tokens, completion_tokens].map(count);
  return [name, ...counts, cost.toFixed(4)];
}
