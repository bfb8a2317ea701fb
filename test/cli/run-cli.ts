import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

type Settings = Readonly<Record<string, string>>;

/** How a command ended. */
export type Ran = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** Runs a command to its end, with nothing in its environment but these settings. */
export async function runCli(
  args: string[],
  settings: Settings,
  input?: string,
  cwd = tmpdir(),
): Promise<Ran> {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd,
    env: environment(settings),
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const stdout = collected(child.stdout);
  const stderr = collected(child.stderr);
  child.stdin?.end(input);
  await once(child, 'close');
  return { code: child.exitCode, stdout: stdout(), stderr: stderr() };
}

/** A command in a terminal of its own, with somebody in front of it. */
export type Session = {
  /** Presses keys. */
  type(keys: string): void;
  /** Waits until the text has come that `pattern` describes; returns all that was shown since. */
  until(pattern: RegExp): Promise<string>;
  /** Everything that was shown so far. */
  shown(): string;
  /** Resolves with the exit code. */
  ended(): Promise<number | null>;
};

/** Whether this machine can make a pseudo-terminal for us: `script` of util-linux. */
export const hasTerminal = spawnSync('script', ['--version'], {
  encoding: 'utf8',
}).stdout?.includes('util-linux');

/** Runs a command in a pseudo-terminal. */
export function inTerminal(args: string[], settings: Settings): Session {
  const command = [process.execPath, cli, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qfec', `exec ${command}`, '/dev/null'], {
    cwd: tmpdir(),
    env: { ...environment(settings), SHELL: '/bin/sh', TERM: 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const shown = collected(child.stdout);
  const exit = once(child, 'close');
  let seen = 0;
  return {
    type: (keys) => void child.stdin.write(keys),
    until: async (pattern) => {
      for (;;) {
        const fresh = shown().slice(seen);
        const found = pattern.exec(fresh);
        if (found) {
          seen += found.index + found[0].length;
          return fresh;
        }
        if (isOver(child)) throw new Error(`it ended before ${pattern} came:\n${shown()}`);
        const late = AbortSignal.timeout(10_000);
        await Promise.race([once(child.stdout, 'data', { signal: late }), exit]).catch(() => {
          throw new Error(`${pattern} never came:\n${shown()}`);
        });
      }
    },
    shown,
    ended: async () => {
      await exit;
      return child.exitCode;
    },
  };
}

function isOver({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function environment(settings: Settings): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: tmpdir(), ...settings };
}

function collected(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  return () => text;
}
