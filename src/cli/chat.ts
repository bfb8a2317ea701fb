import { parseArgs } from 'node:util';
import { readAnswer, summary } from './answer.ts';
import { commandIn, commandNames, isCommand } from './chat/commands.ts';
import { type Conversation, conversation } from './chat/conversation.ts';
import { openTerminal, type Terminal } from './chat/terminal.ts';
import type { Command } from './command.ts';
import { type Connection, connect } from './connection.ts';
import { markdownPainter } from './markdown.ts';
import { painterFor } from './paint.ts';

const USAGE = `Usage: keyturn chat [--model <name>] [--system <text>] [--local]

A conversation in the terminal. Enter sends; a line that ends with \\ goes on in the next one.
The arrow keys bring back what you said; Ctrl-C stops an answer, Ctrl-D leaves. /help lists what
else there is. Nothing is kept unless you /save it.
`;

const OPTIONS = {
  model: { type: 'string', short: 'm' },
  system: { type: 'string', short: 's' },
  local: { type: 'boolean', short: 'l' },
} as const;

const paint = painterFor(process.stdout);

/** `keyturn chat`: a conversation in the terminal. */
export const chat: Command = {
  about: 'talk in the terminal',
  usage: USAGE,
  run: async (args) => {
    const { values } = parseArgs({ args, options: OPTIONS });
    const server = connect();
    const talk = conversation({
      model: values.model ?? server.model,
      system: values.system,
      isLocal: values.local ?? false,
    });
    const terminal = openTerminal({
      input: process.stdin,
      output: process.stdout,
      prompt: paint('cyan', '› '),
      completions: commandNames,
    });
    try {
      terminal.say(`${paint('dim', `keyturn at ${server.url} · /help for help`)}\n`);
      await converse(terminal, talk, server);
    } finally {
      terminal.close();
    }
  },
};

async function converse(terminal: Terminal, talk: Conversation, server: Connection): Promise<void> {
  for (;;) {
    const line = await terminal.next();
    if (line === undefined) return;
    try {
      if (!isCommand(line)) {
        if (line.trim()) await answer(line.replace(/^\/\//, '/'), terminal, talk, server);
        continue;
      }
      const next = await ran(line, terminal, talk, server);
      if (next === 'leave') return;
      if (next !== undefined) await answer(next.ask, terminal, talk, server);
    } catch (error) {
      terminal.say(`${paint('red', (error as Error).message)}\n`);
    }
  }
}

/** Runs a command of the chat; one that waits for the server is stopped like an answer. */
async function ran(line: string, terminal: Terminal, talk: Conversation, server: Connection) {
  let next: Awaited<ReturnType<typeof commandIn>>;
  await terminal.interruptible(async (signal) => {
    try {
      next = await commandIn(line, { talk, server, say: terminal.say, signal });
    } catch (error) {
      if (!signal.aborted) throw error;
      terminal.say(`${paint('dim', '(stopped)')}\n\n`);
    }
  });
  return next;
}

/** Asks and shows the answer as it comes. One that was stopped stays in the talk as far as it got. */
async function answer(
  question: string,
  terminal: Terminal,
  talk: Conversation,
  server: Connection,
): Promise<void> {
  const isColoured = paint('bold', '') !== '';
  const markdown = markdownPainter();
  const { path, body } = talk.request(question);
  let text = '';
  await terminal.interruptible(async (signal) => {
    try {
      const response = await server.asClient(path, { body, signal });
      const outcome = await readAnswer(response, (piece) => {
        text += piece;
        terminal.say(isColoured ? markdown.push(piece) : piece);
      });
      terminal.say(`${isColoured ? markdown.end() : ''}\n${paint('dim', summary(outcome))}\n\n`);
    } catch (error) {
      if (isColoured) terminal.say(markdown.end());
      if (text) terminal.say('\n');
      if (!signal.aborted) throw error;
      terminal.say(`${paint('dim', '(stopped)')}\n\n`);
    } finally {
      if (text) talk.answered(question, text);
    }
  });
}
