/** How the command line ends, for scripts to tell apart. 130 is a Ctrl-C, as shells have it. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  refused: 4,
  busy: 5,
  interrupted: 130,
} as const;

/** A failure that ends a command: what went wrong, what to do next, and the exit code. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly exitCode: number;

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** Wrong words on the command line. */
export function wrongUsage(message: string): CommandFailure {
  return new CommandFailure(EXIT.usage, message);
}
