import { extname, isAbsolute, join } from 'node:path';

/**
 * The file that `LOCAL_MODEL` means: one in `models/`, with or without `.gguf`, or an absolute path.
 *
 * @param home the folder that holds `models/`
 */
export function modelPath(home: string, model: string): string {
  const file = extname(model) === '.gguf' ? model : `${model}.gguf`;
  return isAbsolute(file) ? file : join(home, 'models', file);
}
