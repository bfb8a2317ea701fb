import { join } from 'node:path';
import { systemClock as clock } from '../../core/clock.ts';
import { localModel } from '../../providers/local/local.ts';
import { CommandFailure, EXIT } from '../failure.ts';
import { homeFolder } from '../home.ts';
import { harmless } from '../paint.ts';
import { fileOnShelf } from './shelf.ts';

const QUESTION = 'Who are you, in one sentence?';

const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** `keyturn model check`: loads a model as the server does and lets it answer once. */
export async function checkModel(name: string, contextSize: number): Promise<void> {
  const model = localModel({
    modelPath: fileOnShelf(name),
    modelName: name,
    childPath: join(homeFolder(), 'dist', 'local-child.js'),
    ...{ contextSize, queueLimit: 1, idleUnloadMs: 60_000, log: silent, clock },
  });
  try {
    const messages = [{ role: 'user', content: QUESTION }];
    const reply = await model.chat(
      { id: 'check', params: { messages, max_tokens: 60 }, fallback: 'on' },
      AbortSignal.timeout(300_000),
    );
    if (reply.kind !== 'whole') throw new Error('a stream was not asked for');
    const { choices } = JSON.parse(Buffer.from(reply.body).toString());
    const { loadMs, decodePerSecond, memoryBytes } = model.state();
    process.stdout.write(
      `${QUESTION}\n  ${harmless(String(choices[0].message.content))}\n` +
        `Loaded in ${((loadMs ?? 0) / 1000).toFixed(1)} s, ${Math.round(decodePerSecond ?? 0)} tokens a second, ${Math.round(memoryBytes / 2 ** 20)} MB.\n`,
    );
  } catch (error) {
    throw new CommandFailure(EXIT.failed, (error as Error).message, { cause: error });
  } finally {
    await model.close();
  }
}
