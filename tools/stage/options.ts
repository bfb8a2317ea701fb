import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What a tool was started with. A wrong option ends it with 2, its name and the usage. */
export function optionsOf<T extends ParseArgsConfig>(
  usage: string,
  config: T,
): ReturnType<typeof parseArgs<T>>['values'] {
  try {
    return parseArgs(config).values;
  } catch (error) {
    return refuse(usage, (error as Error).message);
  }
}

/** Ends the tool: it was started wrongly. */
export function refuse(usage: string, message: string): never {
  process.stderr.write(`${message}\n\n${usage}`);
  process.exit(2);
}
