// Loaded into the server by --import: on SIGUSR2 it collects garbage and writes one line about what
// the process holds on to. A server that is asked from outside can't hide a leak.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

process.on('SIGUSR2', () => {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  const resources = {};
  for (const name of process.getActiveResourcesInfo()) {
    resources[name] = (resources[name] ?? 0) + 1;
  }
  process.stdout.write(`${JSON.stringify({ probe: { bytes: heapUsed + external, resources } })}\n`);
});
