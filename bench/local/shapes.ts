import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Packing } from '../../test/support/gguf-weights.ts';
import { type Shape, writeGguf } from '../../test/support/gguf-writer.ts';

const SMOL = { vocabulary: 49_152, context: 2_048 };
const S135 = { layers: 30, embedding: 576, heads: 9, headsKv: 3, feedForward: 1_536, ...SMOL };
const S360 = { layers: 32, embedding: 960, heads: 15, headsKv: 5, feedForward: 2_560, ...SMOL };

/** A real model's shape and packing; the weights are random, which changes neither speed nor memory. */
export type ModelShape = { readonly shape: Shape; readonly packing: Packing };

/** SmolLM2's two small models, as the catalogue offers them. */
export const SHAPES: Readonly<Record<string, ModelShape>> = {
  '135m-q8_0': { shape: S135, packing: 'q8_0' },
  '360m-q4_k_m': { shape: S360, packing: 'q4_k_m' },
  '135m-q4_k_m': { shape: S135, packing: 'q4_k_m' },
  '360m-q8_0': { shape: S360, packing: 'q8_0' },
};

/** The file of a shape, written at the first call. */
export function modelOf(name: string, model: ModelShape, folder: string): string {
  const path = join(folder, `random-${name}.gguf`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(path)) writeGguf(path, model);
  return path;
}
