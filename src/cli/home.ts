import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The product's folder: the one above this code that holds `models/`. */
export function homeFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'models', 'lifeboat.gguf')) && folder !== dirname(folder)) {
    folder = dirname(folder);
  }
  return folder;
}
