import { pino } from 'pino';

export type Log = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

type Options = {
  readonly level: string;
  /** JSON lines for machines; otherwise lines for a person in front of a terminal. */
  readonly asJson: boolean;
};

/** The server's log, on standard output. Never give it a key, a secret, a prompt or an answer. */
export async function createLog({ level, asJson }: Options): Promise<Log> {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (asJson) {
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

/** How long a line may wait for others. */
const GATHER_MS = 20;

/**
 * Standard output, a few lines at a time: under load, a write of its own for each line would wake a
 * thread for each request.
 */
function gathered(): { write(line: string): void } {
  const output = pino.destination({ dest: 1, sync: false, minLength: 8 * 1024 });
  process.once('exit', () => output.flushSync());
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    timer = undefined;
    output.flush();
  };
  return {
    write: (line) => {
      output.write(line);
      timer ??= setTimeout(flush, GATHER_MS).unref();
    },
  };
}
