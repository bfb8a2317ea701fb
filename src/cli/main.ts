import { readDotEnv } from '../ops/start-up.ts';
import { showKey } from './key.ts';

const USAGE = `Usage: keyturn <command>

  key    show the key of this week and the admin secret kept on this machine
`;

async function main(command: string | undefined): Promise<void> {
  if (command === 'key') {
    readDotEnv();
    return showKey();
  }
  process.stdout.write(USAGE);
  process.exitCode = command === undefined || command === 'help' || command === '--help' ? 0 : 2;
}

await main(process.argv[2]).catch((error: Error) => {
  process.stderr.write(`keyturn: ${error.message}\n`);
  process.exitCode = 1;
});
