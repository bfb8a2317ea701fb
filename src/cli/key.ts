import { parseArgs } from 'node:util';
import type { Command } from './command.ts';
import { type Connection, connect } from './connection.ts';
import { CommandFailure, EXIT } from './failure.ts';
import { readKeyHere } from './key-here.ts';
import { timeSpan } from './table.ts';

const USAGE = `Usage: keyturn key [--rotate] [--json]

Shows the key of this week: from the server where KEYTURN_URL or KEYTURN_ADMIN_SECRET is set, else
as it is kept on this machine, with the admin secret.

  --rotate  turn the key now: the old one is refused from this moment on
  --json    print what the server answers
`;

const OPTIONS = { rotate: { type: 'boolean' }, json: { type: 'boolean' } } as const;

type Issued = {
  readonly api_key: string;
  readonly expiry: string;
  readonly seconds_left: number;
  readonly warning?: string;
};

/** `keyturn key`: shows the key of this week, or turns it. */
export const key: Command = {
  about: 'show the key of this week, or turn it (--rotate)',
  usage: USAGE,
  run: async (args) => {
    const { values } = parseArgs({ args, options: OPTIONS });
    if (values.rotate) return showIssued(connect(), 'POST', values.json);
    const isElsewhere = ['KEYTURN_URL', 'GROQ_SERVER_URL', 'KEYTURN_ADMIN_SECRET'].some(
      (name) => process.env[name],
    );
    if (isElsewhere || values.json) return showIssued(connect(), 'GET', values.json);
    return showKept();
  },
};

async function showIssued(server: Connection, method: 'GET' | 'POST', asJson = false) {
  const path = method === 'POST' ? '/rotate-key' : '/current-key';
  const issued = (await (await server.asAdmin(path, { method })).json()) as Issued;
  if (asJson) {
    process.stdout.write(`${JSON.stringify(issued, null, 2)}\n`);
    return;
  }
  const { api_key, expiry, seconds_left, warning } = issued;
  process.stdout.write(
    `key:          ${api_key}\nvalid until:  ${expiry} (${timeSpan(seconds_left)})\n`,
  );
  if (warning) process.stderr.write(`keyturn: ${warning}\n`);
}

async function showKept(): Promise<void> {
  const { dataDir, key: kept, adminSecret } = await readKeyHere();
  if (!kept) {
    throw new CommandFailure(
      EXIT.failed,
      `There is no key in ${dataDir} yet. Start the server once: npm start`,
    );
  }
  const until = new Date(kept.expiresAt).toISOString();
  const isOver = kept.expiresAt <= Date.now();
  const secret = process.env['ADMIN_SECRET'] ? undefined : adminSecret;
  process.stdout.write(
    `key:          ${kept.value}\n` +
      `valid until:  ${until}${isOver ? ' (expired: the server makes a new one when it runs)' : ''}\n` +
      `admin secret: ${secret ?? '(ADMIN_SECRET)'}\n`,
  );
}
