#!/usr/bin/env node
import manifest from '../../package.json' with { type: 'json' };
import { readDotEnv } from '../ops/start-up.ts';
import { ask } from './ask.ts';
import { chat } from './chat.ts';
import type { Command } from './command.ts';
import { completion } from './completion.ts';
import { doctor } from './doctor.ts';
import { CommandFailure, EXIT } from './failure.ts';
import { key } from './key.ts';
import { limits } from './limits.ts';
import { model } from './model.ts';
import { serve } from './serve.ts';
import { usage } from './usage.ts';

const commands: Readonly<Record<string, Command>> = {
  serve,
  chat,
  ask,
  key,
  usage,
  limits,
  model,
  doctor,
  completion,
};

function overview(): string {
  const lines = Object.entries(commands).map(
    ([name, { about }]) => `  ${name.padEnd(11)} ${about}`,
  );
  return `Usage: keyturn <command> [options]

${lines.join('\n')}

keyturn help <command> tells more.

KEYTURN_URL           the server (default: http://localhost:3000); also GROQ_SERVER_URL
KEYTURN_KEY           the key of this week; also GROQ_API_TOKEN
KEYTURN_ADMIN_SECRET  in its place: the key is fetched, and again after it has turned
KEYTURN_MODEL         the model to ask; also GROQ_MODEL
`;
}

const HELP: ReadonlySet<string> = new Set(['--help', '-h']);

async function main([name = 'help', ...args]: string[]): Promise<void> {
  if (name !== 'serve') mindOutput();
  const wantsHelp = name === 'help' || HELP.has(name);
  const asked = wantsHelp ? (args.find((each) => !HELP.has(each)) ?? '') : name;
  const command = Object.hasOwn(commands, asked) ? commands[asked] : undefined;
  if (name === '--version' || name === '-v') {
    process.stdout.write(`keyturn ${manifest.version}\n`);
    return;
  }
  if (asked === '' || (command && (wantsHelp || args.some((each) => HELP.has(each))))) {
    process.stdout.write(command?.usage ?? overview());
    return;
  }
  if (!command) {
    process.stderr.write(`keyturn: there is no command ${asked}\n\n${overview()}`);
    process.exitCode = EXIT.usage;
    return;
  }
  readDotEnv();
  await command.run(args);
}

/** Whoever reads our output may have read enough. A server goes on without one. */
function mindOutput(): void {
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(process.exitCode ?? EXIT.ok);
    process.stderr.write(`keyturn: the output can't be written (${code})\n`);
    process.exit(EXIT.failed);
  });
  process.stderr.on('error', () => undefined);
}

/** Every way in which a command may fail is one line and an exit code. */
function explain(error: unknown): void {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const isUsage = code.startsWith('ERR_PARSE_ARGS_');
  process.stderr.write(`keyturn: ${message}\n`);
  process.exitCode =
    error instanceof CommandFailure ? error.exitCode : isUsage ? EXIT.usage : EXIT.failed;
}

await main(process.argv.slice(2)).catch(explain);
