import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { systemClock as clock } from '../../core/clock.ts';
import { megabytes } from '../../doctor/room.ts';
import { type CheckedModel, checkModel } from '../../providers/local/check-model.ts';
import { localModel } from '../../providers/local/local.ts';
import { CommandFailure, EXIT, wrongUsage } from '../failure.ts';
import { homeFolder } from '../home.ts';
import { harmless, painterFor } from '../paint.ts';
import type { ModelSettings } from './settings.ts';
import { fileOnShelf } from './shelf.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };

/**
 * `keyturn model check`: loads a model as the server does, and lets it answer three prompts.
 *
 * @param name of one on the shelf; undefined: the model in use, wherever it lies
 */
export async function tryModel(name: string | undefined, settings: ModelSettings): Promise<void> {
  const { contextSize, threads, memoryLimitBytes } = settings;
  const path = name === undefined ? fileInUse(settings) : fileOnShelf(name);
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  const model = localModel({
    modelPath: path,
    modelName: basename(path, '.gguf'),
    childPath: join(homeFolder(), 'dist', 'local-child.js'),
    ...{ contextSize, threads, memoryLimitBytes, queueLimit: 1, idleUnloadMs: 60_000 },
    log: silent,
    clock,
  });
  try {
    process.stdout.write(report(await checkModel(model, { clock, signal: controller.signal })));
  } catch (error) {
    if (controller.signal.aborted) throw new CommandFailure(EXIT.interrupted, 'Stopped.');
    throw new CommandFailure(EXIT.failed, (error as Error).message, { cause: error });
  } finally {
    await model.close();
  }
}

function fileInUse({ usedPath }: ModelSettings): string {
  if (existsSync(usedPath)) return usedPath;
  throw wrongUsage(`LOCAL_MODEL means ${usedPath}, which is not there. See: keyturn model list`);
}

function report({ answers, loadMs = 0, memoryBytes, contextSize }: CheckedModel): string {
  const paint = painterFor(process.stdout);
  const texts = answers.map(({ prompt, text, firstTokenMs, tokensPerSecond }) => {
    const speed = `first token after ${seconds(firstTokenMs)}, then ${Math.round(tokensPerSecond ?? 0)} tokens a second`;
    return `${paint('bold', prompt)}\n  ${harmless(text.trim())}\n  ${paint('dim', speed)}\n`;
  });
  return (
    `${texts.join('')}Loaded in ${seconds(loadMs)} with a context of ${contextSize} tokens; ` +
    `${megabytes(memoryBytes)} MB of memory.\n`
  );
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
