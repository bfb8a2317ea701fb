// Loaded before a peer (`--import`): at SIGUSR2 it collects its garbage, and writes what is left in bytes.
import { renameSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const { WEIGHT_FILE } = process.env;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

process.on('SIGUSR2', () => {
  // What is only let go by a first time.
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  writeFileSync(`${WEIGHT_FILE}.new`, String(heapUsed + external));
  renameSync(`${WEIGHT_FILE}.new`, WEIGHT_FILE);
});
