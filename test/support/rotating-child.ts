import { systemClock } from '../../src/core/clock.ts';
import { parseKeyState } from '../../src/keys/key-state.ts';
import { openKeyRing } from '../../src/keys/open-key-ring.ts';
import { openDataDirectory } from '../../src/store/data-directory.ts';
import { WEEK } from './fake-clock.ts';

// A process that turns the key of the data directory in its first argument as fast as it can, and
// reports each key on a line once the ring has answered with it, until it is killed.
const [, , directory = ''] = process.argv;
const data = await openDataDirectory({
  directory,
  parse: parseKeyState,
  now: Date.now,
  onSetAside: (movedTo) => process.stderr.write(`set aside: ${movedTo}\n`),
  onUnwritable: (error) => process.stderr.write(`unwritable: ${error}\n`),
});
const ring = await openKeyRing({
  store: data.keys,
  clock: systemClock,
  periodMs: WEEK,
  generation: 0,
  onStoreError: (error) => process.stderr.write(`not kept: ${error}\n`),
});
process.stdout.write(`${(await ring.current()).key}\n`);
for (;;) process.stdout.write(`${(await ring.rotate()).key}\n`);
