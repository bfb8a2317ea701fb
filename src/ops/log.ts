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

/** Of lines that their reader doesn't take, so many bytes are kept; what comes beyond is left out. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/**
 * Standard output. The lines of one turn of the event loop go out together, in its end, and nothing waits
 * for a later turn. Node's own stream writes at once what a file or a pipe takes, and waits for a slow
 * reader without holding anything up; a thread for each write would take five times as long.
 */
function gathered(): { write(line: string): void } {
  const { stdout } = process;
  let lines = '';
  const send = () => {
    // Writing ASCII as UTF-8 takes several times as long.
    const encoding = /^[\0-\x7f]*$/.test(lines) ? 'latin1' : 'utf8';
    if (lines !== '' && stdout.writableLength < MAX_WAITING_BYTES) stdout.write(lines, encoding);
    lines = '';
  };
  // A reader that is gone, or a disk that is full: there is nowhere to tell.
  stdout.on('error', () => undefined);
  process.prependOnceListener('exit', send);
  return {
    write: (line) => {
      if (lines === '') setImmediate(send);
      lines += line;
    },
  };
}
