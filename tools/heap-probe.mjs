// Loaded into a server by --import: on SIGUSR2 it collects garbage and writes one line about what
// the process holds on to. A server that is asked from outside can't hide a leak. Code that V8 has
// compiled is not counted: it grows for the first few thousand requests, whatever the server keeps.
import { getHeapCodeStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

process.on('SIGUSR2', () => {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  const bytes = heapUsed + external - getHeapCodeStatistics().code_and_metadata_size;
  const resources = {};
  for (const name of process.getActiveResourcesInfo()) {
    resources[name] = (resources[name] ?? 0) + 1;
  }
  process.stdout.write(`${JSON.stringify({ probe: { bytes, resources } })}\n`);
});
