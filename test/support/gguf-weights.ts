/** How a file's weights are packed, in llama.cpp's names. */
export type Packing = 'q8_0' | 'q4_k_m';

export type TensorType = 'f32' | 'q8_0' | 'q5_0' | 'q4_k' | 'q6_k';

type Block = {
  /** The type's number in the format. */
  readonly id: number;
  readonly elements: number;
  readonly bytes: number;
  /** 16-bit scales, by where they lie in a block: small ones, so that weights stay below 0.1. */
  readonly scales: Readonly<Record<number, number>>;
};

/** Layouts of ggml's blocks, and scales that keep random bits within a real weight's range. */
export const BLOCKS: Readonly<Record<TensorType, Block>> = {
  f32: { id: 0, elements: 1, bytes: 4, scales: {} },
  q8_0: { id: 8, elements: 32, bytes: 34, scales: { 0: 0x0f00 } },
  q5_0: { id: 6, elements: 32, bytes: 22, scales: { 0: 0x1a25 } },
  q4_k: { id: 12, elements: 256, bytes: 144, scales: { 0: 0x068e, 2: 0x128e } },
  q6_k: { id: 14, elements: 256, bytes: 210, scales: { 208: 0x00c9 } },
};

/** `General file type` of a packing, as headers say it. */
export const FILE_TYPES: Readonly<Record<Packing, number>> = { q8_0: 7, q4_k_m: 15 };

type Place = { readonly name: string; readonly columns: number; readonly layer: number };

/**
 * The type of one matrix. Q4_K_M is a mixture: llama-quantize spends more bits on some layers, and
 * takes an older type where a row doesn't divide into blocks of 256.
 */
export function typeOf(
  packing: Packing,
  { name, columns, layer }: Place,
  layers: number,
): TensorType {
  if (packing === 'q8_0') return 'q8_0';
  const isLarge = /attn_v|ffn_down/.test(name) && hasMoreBits(layer, layers);
  const isWhole = columns % BLOCKS.q4_k.elements === 0;
  if (name === 'token_embd.weight' || isLarge) return isWhole ? 'q6_k' : 'q8_0';
  return isWhole ? 'q4_k' : 'q5_0';
}

/** The first and the last eighth of the layers, and every third between. */
function hasMoreBits(layer: number, layers: number): boolean {
  const eighth = Math.floor(layers / 8);
  if (layer < eighth || layer >= Math.floor((7 * layers) / 8)) return true;
  return (layer - eighth) % 3 === 2;
}

/** An odd number, so that rows differ. */
const NOISE_BLOCKS = 4_099;

/** Random weights of one type; the same ones for the same seed. */
export function noise(type: TensorType, seed: number): Buffer {
  const { bytes, scales } = BLOCKS[type];
  const blocks = Buffer.alloc(bytes * NOISE_BLOCKS);
  let state = seed >>> 0 || 1;
  for (let at = 0; at < blocks.length; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    blocks[at] = state & 0xff;
  }
  for (let at = 0; at < blocks.length; at += bytes) {
    for (const [place, scale] of Object.entries(scales)) {
      blocks.writeUInt16LE(scale, at + Number(place));
    }
  }
  return blocks;
}
