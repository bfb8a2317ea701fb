import { fstatSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { readAnswer, summary } from './answer.ts';
import type { Command } from './command.ts';
import { connect } from './connection.ts';
import { EXIT, wrongUsage } from './failure.ts';
import { markdownPainter } from './markdown.ts';
import { painterFor } from './paint.ts';

const USAGE = `Usage: keyturn ask [options] "question"
       … | keyturn ask [options] ["question"]

Asks once and prints the answer as it comes. What is piped in follows the question.

  --model, -m <name>    ask this model
  --system, -s <text>   say this first
  --local, -l           ask the local model only
  --max-tokens <count>  end the answer after so many
  --temperature <0-2>   how freely the model chooses
  --json                print the whole completion as JSON, not streamed

Exit codes: 0 answered; 1 the server failed, or the answer broke off; 2 wrong usage;
3 no server; 4 the key was refused; 5 busy, try again later; 130 Ctrl-C.
`;

const OPTIONS = {
  model: { type: 'string', short: 'm' },
  system: { type: 'string', short: 's' },
  local: { type: 'boolean', short: 'l' },
  'max-tokens': { type: 'string' },
  temperature: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** `keyturn ask`: one question, one answer. */
export const ask: Command = {
  about: 'ask one question, from the command line or a pipe',
  usage: USAGE,
  run: async (args) => {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    const question = [positionals.join(' '), await pipedIn()].filter(Boolean).join('\n\n');
    if (!question) throw wrongUsage('Ask something: keyturn ask "why is the sky blue?"');
    const server = connect();
    const signal = onCtrlC();
    const model = values.model ?? server.model;
    const body = {
      prompt: question,
      stream: !values.json,
      ...(model ? { model } : {}),
      ...(values.system ? { system: values.system } : {}),
      ...numberIn(values, 'max-tokens', 'max_tokens'),
      ...numberIn(values, 'temperature', 'temperature'),
    };
    const path = values.local ? '/local-chat' : '/chat';
    try {
      const answer = await server.asClient(path, { body, signal });
      if (values.json) process.stdout.write(`${await answer.text()}\n`);
      else await show(answer);
    } catch (error) {
      if (!signal.aborted) throw error;
      process.exitCode = EXIT.interrupted;
    }
  },
};

async function show(answer: Response): Promise<void> {
  const paint = painterFor(process.stdout);
  const isColoured = paint('bold', '') !== '';
  const markdown = markdownPainter();
  const outcome = await readAnswer(answer, (piece) => {
    process.stdout.write(isColoured ? markdown.push(piece) : piece);
  });
  process.stdout.write(`${isColoured ? markdown.end() : ''}\n`);
  if (process.stderr.isTTY) {
    process.stderr.write(`${painterFor(process.stderr)('dim', summary(outcome))}\n`);
  }
}

/** A terminal, or nothing at all, is no pipe: nobody would ever end it. */
async function pipedIn(): Promise<string> {
  const stats = fstatSync(0);
  if (process.stdin.isTTY || !(stats.isFIFO() || stats.isFile() || stats.isSocket())) return '';
  return (await text(process.stdin)).trim();
}

function onCtrlC(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}

function numberIn(
  values: { readonly 'max-tokens'?: string; readonly temperature?: string },
  option: 'max-tokens' | 'temperature',
  field: string,
): Record<string, number> {
  const given = values[option];
  if (given === undefined) return {};
  if (given.trim() === '' || !Number.isFinite(Number(given))) {
    throw wrongUsage(`--${option} takes a number.`);
  }
  return { [field]: Number(given) };
}
