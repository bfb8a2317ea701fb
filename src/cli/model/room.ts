import { memoryNeed } from '../../providers/local/memory-need.ts';
import { modelFile } from '../../providers/local/model-file.ts';

/** A smaller context saves about this share of what a model of the catalogue takes. */
const CONTEXT_SHARE = 0.06;

/** Whether a model fits: `tight` means with a smaller context than usual. */
export type Fit = 'yes' | 'tight' | 'no';

/** Judges by what the catalogue says that a model takes. */
export function fitOf(needBytes: number, room: number): Fit {
  if (needBytes <= room) return 'yes';
  return needBytes * (1 - CONTEXT_SHARE) <= room ? 'tight' : 'no';
}

/** Judges by the header of a file that is here; undefined of a file that is no usable model. */
export async function fitOfFile(
  path: string,
  wantedContext: number,
  room: number,
): Promise<{ readonly fit: Fit; readonly needBytes: number } | undefined> {
  const file = await modelFile({
    path,
    contextSize: wantedContext,
    budgetBytes: () => Infinity,
  }).inspect();
  if (file.kind === 'unusable') return undefined;
  const least = Math.min(256, file.contextSize);
  const isTight = memoryNeed(file.header, least) <= room;
  const fit = file.needBytes <= room ? 'yes' : isTight ? 'tight' : 'no';
  return { fit, needBytes: file.needBytes };
}
