// Loaded before a peer (`--import`): profiles it from when it is warm until it ends.
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';

const { PROFILE_AFTER_MS, PROFILE_FILE } = process.env;
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.setSamplingInterval', { interval: 200 });
setTimeout(() => session.post('Profiler.start'), Number(PROFILE_AFTER_MS)).unref();
process.once('exit', () =>
  session.post('Profiler.stop', (_error, result) =>
    writeFileSync(PROFILE_FILE, JSON.stringify(result.profile)),
  ),
);
