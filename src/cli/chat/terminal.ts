import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Lines from a person, text to them, and Ctrl-C in between. */
export type Terminal = {
  /** The next line that was entered; undefined at the end of the input. */
  next(): Promise<string | undefined>;
  say(text: string): void;
  /** Runs something that Ctrl-C stops. What is typed meanwhile waits for the next prompt. */
  interruptible(run: (signal: AbortSignal) => Promise<void>): Promise<void>;
  close(): void;
};

type Options = {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly prompt: string;
  /** Words at the beginning of a line that the Tab key completes. */
  readonly completions: readonly string[];
};

/** Reads lines with history and editing from a terminal, or plainly from a pipe. */
export function openTerminal({ input, output, prompt, completions }: Options): Terminal {
  const isTerminal = Boolean(input.isTTY && output.isTTY);
  let running: AbortController | undefined;
  const echo = echoTo(output, () => running === undefined);
  const lines = createInterface({
    input,
    output: echo,
    terminal: isTerminal,
    prompt: isTerminal ? prompt : '',
    historySize: 500,
    removeHistoryDuplicates: true,
    completer: (line: string) => [completions.filter((word) => word.startsWith(line)), line],
  });

  const entered: string[] = [];
  let unfinished = '';
  let isOver = false;
  let wake: (() => void) | undefined;

  lines.on('line', (line) => {
    if (line.endsWith('\\')) {
      unfinished += `${line.slice(0, -1)}\n`;
      return;
    }
    entered.push(unfinished + line);
    unfinished = '';
    wake?.();
  });
  lines.on('close', () => {
    isOver = true;
    // The end of a pipe comes long before the answers to its lines.
    if (isTerminal) running?.abort();
    wake?.();
  });
  lines.on('SIGINT', () => {
    if (running) return running.abort();
    if (lines.line || unfinished) {
      unfinished = '';
      // Ctrl-E and Ctrl-U: to the end of the line, and delete it.
      lines.write(null, { ctrl: true, name: 'e' });
      lines.write(null, { ctrl: true, name: 'u' });
      return;
    }
    output.write('\n(Ctrl-D or /exit leaves)\n');
    lines.prompt();
  });

  return {
    next: async () => {
      while (entered.length === 0 && !isOver) {
        lines.prompt(true);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return entered.shift();
    },
    say: (text) => void output.write(text),
    interruptible: async (run) => {
      running = new AbortController();
      try {
        await run(running.signal);
      } finally {
        running = undefined;
      }
    },
    close: () => lines.close(),
  };
}

/** What readline writes reaches the terminal only while nothing else is being written there. */
function echoTo(output: NodeJS.WriteStream, isAllowed: () => boolean): NodeJS.WritableStream {
  const echo = new Writable({
    write: (bytes: Buffer, _encoding, done) => {
      if (isAllowed()) output.write(bytes);
      done();
    },
  });
  Object.defineProperty(echo, 'columns', { get: () => output.columns });
  output.on('resize', () => echo.emit('resize'));
  return echo;
}
