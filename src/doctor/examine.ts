import type { Settings } from '../config/settings.ts';
import { isShortSecret } from '../keys/admin-secret.ts';
import { checkCloud } from './cloud.ts';
import { type Finding, failure, fine, warning } from './finding.ts';
import { checkLocalModel, checkMemory, checkNode } from './machine.ts';
import { checkStore } from './store.ts';

/**
 * Looks at everything that a server with these settings needs, apart from its port. Changes nothing.
 *
 * @param home the folder that holds `models/`
 */
export async function surroundings(settings: Settings, home: string): Promise<Finding[]> {
  return [
    checkNode(),
    checkSettings(settings),
    await checkStore(settings),
    ...(await checkCloud(settings)),
    await checkLocalModel(settings, home),
    checkMemory(settings),
  ];
}

function checkSettings({ production, keys }: Settings): Finding {
  const found = production ? 'valid, for production' : 'valid';
  if (keys.adminSecret === undefined || !isShortSecret(keys.adminSecret)) {
    return fine('settings', found);
  }
  const mend = 'Set it to a random text of at least 16 characters: openssl rand -hex 24';
  return warning('settings', `${found}, but ADMIN_SECRET is short`, mend);
}

/** All that can be said where the settings are wrong. */
export function withoutSettings({ message }: Error): Finding[] {
  const mend = 'Mend them in the environment or in .env; .env.example lists all.';
  return [checkNode(), failure('settings', message, mend)];
}
