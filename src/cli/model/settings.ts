import { resolve } from 'node:path';
import { schema } from '../../config/schema.ts';
import { SettingsError } from '../../config/settings.ts';
import { modelPath } from '../../providers/model-path.ts';
import { homeFolder } from '../home.ts';

/** What the server's settings say about its local model. */
export type ModelSettings = {
  /** The file of the model in use, whether it is there or not. */
  readonly usedPath: string;
  readonly contextSize: number;
  readonly threads: number | undefined;
  readonly memoryLimitBytes: number | undefined;
};

const slice = schema.pick({
  LOCAL_MODEL: true,
  LOCAL_CONTEXT: true,
  LOCAL_THREADS: true,
  LOCAL_MEMORY_MB: true,
});

/**
 * Reads them; whatever else is set doesn't matter to a model.
 *
 * @throws SettingsError
 */
export function readModelSettings(environment: NodeJS.ProcessEnv): ModelSettings {
  const given = Object.entries(environment).filter(([, value]) => value?.trim());
  const parsed = slice.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    const names = parsed.error.issues.map(({ path }) => path.join('.'));
    throw new SettingsError(`Wrong settings: ${names.join(', ')}. keyturn doctor tells more.`);
  }
  const { LOCAL_MODEL, LOCAL_CONTEXT, LOCAL_THREADS, LOCAL_MEMORY_MB } = parsed.data;
  return {
    usedPath: resolve(modelPath(homeFolder(), LOCAL_MODEL)),
    contextSize: LOCAL_CONTEXT,
    threads: LOCAL_THREADS,
    memoryLimitBytes: LOCAL_MEMORY_MB === undefined ? undefined : LOCAL_MEMORY_MB * 2 ** 20,
  };
}
