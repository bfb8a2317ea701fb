import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Shape, writeGguf } from '../../test/support/gguf-writer.ts';

const SMOL = { vocabulary: 49_152, context: 2_048 };

/** Real models' shapes; the weights are random, which changes neither speed nor memory. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  '135m-q8_0': { layers: 30, embedding: 576, heads: 9, headsKv: 3, feedForward: 1_536, ...SMOL },
  '360m-q8_0': { layers: 32, embedding: 960, heads: 15, headsKv: 5, feedForward: 2_560, ...SMOL },
};

/** The file of a shape, written at the first call. */
export function modelOf(name: string, shape: Shape, folder: string): string {
  const path = join(folder, `random-${name}.gguf`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(path)) writeGguf(path, { shape });
  return path;
}
