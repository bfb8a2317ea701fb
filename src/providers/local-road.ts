import { basename, join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { layered } from '../core/provider.ts';
import type { AttemptRecord } from '../core/tally.ts';
import { type LocalModel, localModel } from './local/local.ts';
import { meter } from './meter.ts';
import { meterEmbedder } from './meter-embedder.ts';
import { modelPath } from './model-path.ts';
import { trace } from './trace.ts';

type Log = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

export type LocalRoadOptions = {
  readonly local: {
    readonly model: string;
    readonly queueLimit: number;
    readonly threads?: number | undefined;
    readonly contextSize: number;
    readonly memoryLimitBytes?: number | undefined;
    readonly idleUnloadMs: number;
  };
  /** Told of every attempt, when it is over. */
  readonly onAttempt: (record: AttemptRecord) => void;
  /** Whether each attempt is a span of its request's. */
  readonly isTraced: boolean;
  /** The folder that holds `models/` and `dist/`. */
  readonly home: string;
  readonly clock: Clock;
  readonly log: Log;
};

/** The end of the road: the local model with its meter, and its spans where attempts are traced. */
export function openLocalRoad({
  local,
  home,
  clock,
  log,
  onAttempt,
  isTraced,
}: LocalRoadOptions): LocalModel {
  const path = modelPath(home, local.model);
  const model = localModel({
    ...local,
    modelPath: path,
    modelName: basename(path, '.gguf'),
    childPath: join(home, 'dist', 'local-child.js'),
    clock,
    log,
  });
  const counts = meter({ nameOf: () => model.servedBy, onAttempt });
  const spans = isTraced ? [trace({ provider: 'local' })] : [];
  const embedder = meterEmbedder({ name: model.servedBy, onAttempt, embedder: model });
  return { ...model, ...embedder, ...layered([counts, ...spans], model) };
}
