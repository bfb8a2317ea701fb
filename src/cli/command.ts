/** One command of the command line. */
export type Command = {
  /** For the list of commands: a few words. */
  readonly about: string;
  /** What `keyturn help <command>` shows. */
  readonly usage: string;
  /** @throws CommandFailure */
  run(args: string[]): Promise<void>;
};
