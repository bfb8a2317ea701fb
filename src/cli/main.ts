import { showKey } from './key.ts';

const USAGE = `Usage: keyturn <command>

  key    show the key of this week and the admin secret kept on this machine
`;

const [command] = process.argv.slice(2);
if (command === 'key') await showKey();
else {
  process.stdout.write(USAGE);
  process.exitCode = command === undefined || command === 'help' || command === '--help' ? 0 : 2;
}
