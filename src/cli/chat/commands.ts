import { writeFile } from 'node:fs/promises';
import type { Connection } from '../connection.ts';
import { wrongUsage } from '../failure.ts';
import { fetchLimits, limitsTable } from '../limits.ts';
import type { Conversation } from './conversation.ts';
import { transcript } from './transcript.ts';

type Context = {
  readonly talk: Conversation;
  readonly server: Connection;
  readonly say: (text: string) => void;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
};

/** What the loop does after a command: nothing, ask again, or end. */
type Next = undefined | 'leave' | { readonly ask: string };

type ChatCommand = {
  readonly about: string;
  run(rest: string, context: Context): Promise<Next> | Next;
};

const commands: Readonly<Record<string, ChatCommand>> = {
  '/model': { about: '[name]  ask this model from now on; without a name: list them', run: model },
  '/system': { about: '[text]  say this first; without a text: nothing', run: system },
  '/local': { about: 'ask the local model only, or everybody again', run: local },
  '/retry': { about: 'take the last answer back and ask again', run: retry },
  '/rate': { about: 'what is left of the rate limits', run: rate },
  '/save': { about: '<file.md|json|txt>  write the conversation to a new file', run: save },
  '/clear': { about: 'begin a new conversation', run: clear },
  '/help': { about: 'this list', run: help },
  '/exit': { about: 'leave; Ctrl-D does so too', run: () => 'leave' },
};

/** For the Tab key. */
export const commandNames: readonly string[] = Object.keys(commands);

/** True for a line that is a command; `//` begins a message with a slash. */
export function isCommand(line: string): boolean {
  return line.startsWith('/') && !line.startsWith('//');
}

/**
 * Runs a command of the chat.
 *
 * @throws when it is unknown or fails.
 */
export async function commandIn(line: string, context: Context): Promise<Next> {
  const [name = '', ...rest] = line.trim().split(/\s+/);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    throw wrongUsage(`There is no ${name}; /help lists what there is. // begins a message with /.`);
  }
  return command.run(rest.join(' '), context);
}

async function model(name: string, { talk, server, say, signal }: Context): Promise<Next> {
  if (name) {
    talk.model = name;
    say(`Asking ${name} from now on.\n`);
    return undefined;
  }
  const answer = await server.asClient('/v1/models', { signal });
  const { data } = (await answer.json()) as { data: readonly { readonly id: string }[] };
  const lines = data.map(({ id }) => `${id === talk.model ? '* ' : '  '}${id}\n`);
  say(lines.join(''));
  return undefined;
}

function system(text: string, { talk, say }: Context): Next {
  talk.system = text || undefined;
  say(text ? 'The system text is set.\n' : 'There is no system text now.\n');
  return undefined;
}

function local(_rest: string, { talk, say }: Context): Next {
  talk.isLocal = !talk.isLocal;
  say(talk.isLocal ? 'Asking the local model only.\n' : 'Asking everybody again.\n');
  return undefined;
}

function retry(_rest: string, { talk }: Context): Next {
  const question = talk.takeBack();
  if (question === undefined) throw wrongUsage('Nothing was asked yet.');
  return { ask: question };
}

async function rate(_rest: string, { server, say, signal }: Context): Promise<Next> {
  say(limitsTable(await fetchLimits(server, { signal })));
  return undefined;
}

async function save(path: string, { talk, say }: Context): Promise<Next> {
  if (!path) throw wrongUsage('Say where to: /save talk.md');
  if (talk.said.length === 0) throw wrongUsage('There is nothing to save yet.');
  const text = transcript(path, talk.said, talk.system);
  try {
    // What somebody else wrote is not overwritten; a conversation is its owner's only.
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(code === 'EEXIST' ? `${path} is there already.` : `Can't save: ${code}.`);
  }
  say(`Saved to ${path}.\n`);
  return undefined;
}

function clear(_rest: string, { talk, say }: Context): Next {
  talk.clear();
  say('A new conversation.\n');
  return undefined;
}

function help(_rest: string, { say }: Context): Next {
  say(
    Object.entries(commands)
      .map(([name, { about }]) => `  ${name.padEnd(8)} ${about}\n`)
      .join(''),
  );
  return undefined;
}
