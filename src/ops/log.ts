import { pino } from 'pino';

export type Log = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

type Options = {
  readonly logLevel: string;
  readonly production: boolean;
};

/**
 * The server's log, on standard output: JSON lines for machines, or, outside production, lines for a
 * person in front of a terminal. Never give it a key, a secret, a prompt or an answer.
 */
export async function createLog({ logLevel, production }: Options): Promise<Log> {
  const options = { level: logLevel, base: null, timestamp: timeField() };
  if (production || !process.stdout.isTTY) {
    const lines: Log = pino(options, gathered());
    return lines;
  }
  const { default: pretty } = await import('pino-pretty');
  const readable: Log = pino(
    options,
    pretty({ translateTime: 'SYS:HH:MM:ss', singleLine: true, sync: true }),
  );
  return readable;
}

/** Writes the time of a line in ISO 8601; all but its milliseconds is made once a second. */
function timeField(): () => string {
  let second = Number.NaN;
  let shown = '';
  return () => {
    const now = Date.now();
    const ms = now % 1_000;
    if (now - ms !== second) {
      second = now - ms;
      shown = `,"time":"${new Date(second).toISOString().slice(0, -4)}`;
    }
    return `${shown}${String(ms).padStart(3, '0')}Z"`;
  };
}

/**
 * Standard output. The lines of one turn of the event loop go out together, in its end: each write
 * wakes a thread. Nothing waits for a later turn.
 */
function gathered(): { write(line: string): void } {
  const options = { dest: 1, sync: false, contentMode: 'buffer' } as const;
  // In this mode it takes bytes, which its types don't tell.
  const output = pino.destination(options) as unknown as { write(bytes: Uint8Array): void };
  let lines = '';
  const send = () => {
    // Writing ASCII as UTF-8 takes several times as long.
    const encoding = /^[\0-\x7f]*$/.test(lines) ? 'latin1' : 'utf8';
    if (lines !== '') output.write(Buffer.from(lines, encoding));
    lines = '';
  };
  process.prependOnceListener('exit', send);
  return {
    write: (line) => {
      if (lines === '') setImmediate(send);
      lines += line;
    },
  };
}
