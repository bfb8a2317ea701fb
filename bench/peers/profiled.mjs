// Loaded before a peer (`--import`): profiles it from SIGUSR2 until it ends.
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';

const { PROFILE_FILE } = process.env;
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.setSamplingInterval', { interval: 200 });
process.once('SIGUSR2', () => session.post('Profiler.start'));
process.once('exit', () =>
  session.post('Profiler.stop', (_error, result) =>
    writeFileSync(PROFILE_FILE, JSON.stringify(result.profile)),
  ),
);
