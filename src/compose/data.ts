import type { Settings } from '../config/settings.ts';
import type { Clock } from '../core/clock.ts';
import { type KeyState, parseKeyState } from '../keys/key-state.ts';
import type { Log } from '../ops/log.ts';
import { type DataDirectory, openDataDirectory } from '../store/data-directory.ts';

type Options = { readonly settings: Settings; readonly clock: Clock; readonly log: Log };

/** Opens `DATA_DIR` and tells the log what was wrong with it. */
export function openData({ settings, clock, log }: Options): Promise<DataDirectory<KeyState>> {
  return openDataDirectory({
    directory: settings.dataDir,
    parse: parseKeyState,
    now: clock.now,
    onSetAside: (movedTo) =>
      log.error(
        { movedTo },
        'a file in DATA_DIR was torn or foreign: set aside, a new one is made',
      ),
    onUnwritable: (err) => log.error({ err }, 'DATA_DIR is not writable: the key lives in memory'),
  });
}
