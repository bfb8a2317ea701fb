#!/usr/bin/env node
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

async function main([name = 'help', ...args]: string[]): Promise<void> {
  const wantsHelp = name === 'help' || name === '--help' || name === '-h';
  const asked = wantsHelp ? (args[0] ?? '') : name;
  const command = Object.hasOwn(commands, asked) ? commands[asked] : undefined;
  if (wantsHelp || args.includes('--help') || args.includes('-h')) {
    process.stdout.write(command?.usage ?? overview());
    return;
  }
  if (!command) {
    process.stderr.write(`keyturn: there is no command ${name}\n\n${overview()}`);
    process.exitCode = EXIT.usage;
    return;
  }
  readDotEnv();
  await command.run(args);
}

/** Every way in which a command may fail is one line and an exit code. */
function explain(error: unknown): void {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const isUsage = code.startsWith('ERR_PARSE_ARGS_');
  process.stderr.write(`keyturn: ${message}\n`);
  process.exitCode =
    error instanceof CommandFailure ? error.exitCode : isUsage ? EXIT.usage : EXIT.failed;
}

// Whoever reads our output may have read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode ?? EXIT.ok);
});

await main(process.argv.slice(2)).catch(explain);
