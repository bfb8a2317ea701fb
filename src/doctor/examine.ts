import type { Settings } from '../config/settings.ts';
import { checkCloud } from './cloud.ts';
import { type Finding, failure, fine } from './finding.ts';
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
    fine('settings', settings.production ? 'valid, for production' : 'valid'),
    await checkStore(settings),
    ...(await checkCloud(settings)),
    await checkLocalModel(settings, home),
    checkMemory(settings),
  ];
}

/** All that can be said where the settings are wrong. */
export function withoutSettings({ message }: Error): Finding[] {
  const mend = 'Mend them in the environment or in .env; .env.example lists all.';
  return [checkNode(), failure('settings', message, mend)];
}
