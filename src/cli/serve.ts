import { parseArgs } from 'node:util';
import type { Command } from './command.ts';

const USAGE = `Usage: keyturn serve [options]

Runs the server in this terminal; settings come from the environment and from .env.

  --port, -p <number>   like PORT
  --host <address>      like HOST
  --data-dir <folder>   like DATA_DIR
`;

const OPTIONS = {
  port: { type: 'string', short: 'p' },
  host: { type: 'string' },
  'data-dir': { type: 'string' },
} as const;

/** `keyturn serve`: the server itself. */
export const serve: Command = {
  about: 'run the server',
  usage: USAGE,
  run: async (args) => {
    const { values } = parseArgs({ args, options: OPTIONS });
    const { port, host, 'data-dir': dataDir } = values;
    Object.assign(process.env, {
      ...(port ? { PORT: port } : {}),
      ...(host ? { HOST: host } : {}),
      ...(dataDir ? { DATA_DIR: dataDir } : {}),
    });
    await import('../main.ts');
  },
};
