import type { ChatParams } from '../../src/core/chat.ts';
import type { LocalModel } from '../../src/providers/local/local.ts';
import { writeGguf } from './gguf-writer.ts';
import { builtChild } from './local-child.ts';
import { ask, modelFor } from './local-model.ts';
import { scratchFolder } from './scratch.ts';

/** Two local models to ask: the embedded one, and one that babbles, on which every setting shows. */
export type LifeboatAndRandom = {
  readonly lifeboat: LocalModel;
  readonly random: LocalModel;
  close(): Promise<void>;
};

/** Opens both; `name` is the test file's own. */
export async function openLifeboatAndRandom(name: string): Promise<LifeboatAndRandom> {
  const scratch = scratchFolder();
  const childPath = await builtChild(name);
  const modelPath = scratch.path('random.gguf');
  writeGguf(modelPath);
  const lifeboat = modelFor({ childPath });
  const random = modelFor({ childPath, modelPath, modelName: 'random' });
  return {
    lifeboat,
    random,
    close: async () => {
      await Promise.all([lifeboat.close(), random.close()]);
      scratch.remove();
    },
  };
}

/** What a whole answer says. */
export async function saidBy(model: LocalModel, params: ChatParams): Promise<string> {
  return (await ask(model, params)).choices[0].message.content;
}
