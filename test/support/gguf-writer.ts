import { closeSync, openSync, writeSync } from 'node:fs';
import { type Field, ggufHeader, type TensorInfo } from './gguf-header.ts';
import { tinyVocabulary } from './gguf-vocabulary.ts';
import {
  BLOCKS,
  FILE_TYPES,
  noise,
  type Packing,
  type TensorType,
  typeOf,
} from './gguf-weights.ts';

/** The shape of a model in the llama architecture, with random weights. */
export type Shape = {
  readonly layers: number;
  readonly embedding: number;
  readonly heads: number;
  readonly headsKv: number;
  readonly feedForward: number;
  readonly vocabulary: number;
  readonly context: number;
};

/** Small enough to load in no time. */
export const TINY: Shape = {
  layers: 2,
  embedding: 64,
  heads: 2,
  headsKv: 2,
  feedForward: 128,
  vocabulary: 512,
  context: 512,
};

/** Big enough that prefill and decode can be caught in the act. */
export const SLOW: Shape = {
  layers: 16,
  embedding: 512,
  heads: 8,
  headsKv: 4,
  feedForward: 1536,
  vocabulary: 4096,
  context: 4096,
};

export const CHATML =
  "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + " +
  "'<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}" +
  "{{ '<|im_start|>assistant\\n' }}{% endif %}";

type Options = {
  readonly shape?: Shape;
  readonly packing?: Packing;
  readonly template?: string;
  readonly seed?: number;
  /** Fields that replace or join the usual ones, by key. */
  readonly fields?: Readonly<Record<string, Field>>;
};

/**
 * Writes a GGUF file with random weights: answers are noise, but speed, memory and every
 * mechanism are as with a real model of that shape.
 */
export function writeGguf(
  path: string,
  { shape = TINY, packing = 'q8_0', template = CHATML, seed = 1, fields = {} }: Options = {},
): void {
  const tensors = tensorsOf(shape, packing);
  const fileType: Field = ['u32', FILE_TYPES[packing]];
  const all = { ...fieldsOf(shape, template), 'general.file_type': fileType, ...fields };
  const weights = new Map<TensorType, Buffer>();
  const file = openSync(path, 'w');
  try {
    writeSync(file, ggufHeader(all, tensors));
    for (const { type, elements, bytes } of tensors) {
      if (!weights.has(type)) weights.set(type, noise(type, seed));
      writeSync(file, type === 'f32' ? ones(elements) : Buffer.alloc(bytes, weights.get(type)));
    }
  } finally {
    closeSync(file);
  }
}

function fieldsOf(shape: Shape, template: string): Record<string, Field> {
  const { tokens, scores, types } = tinyVocabulary(shape.vocabulary);
  return {
    'general.architecture': ['text', 'llama'],
    'general.name': ['text', 'random'],
    'general.quantization_version': ['u32', 2],
    'llama.block_count': ['u32', shape.layers],
    'llama.context_length': ['u32', shape.context],
    'llama.embedding_length': ['u32', shape.embedding],
    'llama.feed_forward_length': ['u32', shape.feedForward],
    'llama.attention.head_count': ['u32', shape.heads],
    'llama.attention.head_count_kv': ['u32', shape.headsKv],
    'llama.attention.layer_norm_rms_epsilon': ['f32', 1e-5],
    'llama.rope.freq_base': ['f32', 10_000],
    'llama.rope.dimension_count': ['u32', shape.embedding / shape.heads],
    'llama.vocab_size': ['u32', shape.vocabulary],
    'tokenizer.ggml.model': ['text', 'llama'],
    'tokenizer.ggml.pre': ['text', 'default'],
    'tokenizer.ggml.tokens': ['texts', tokens],
    'tokenizer.ggml.scores': ['f32s', scores],
    'tokenizer.ggml.token_type': ['i32s', types],
    'tokenizer.ggml.bos_token_id': ['u32', 1],
    'tokenizer.ggml.eos_token_id': ['u32', 4],
    'tokenizer.ggml.unknown_token_id': ['u32', 0],
    'tokenizer.ggml.add_bos_token': ['flag', false],
    'tokenizer.ggml.add_space_prefix': ['flag', false],
    'tokenizer.chat_template': ['text', template],
  };
}

function tensorsOf(shape: Shape, packing: Packing): TensorInfo[] {
  const { embedding, feedForward, heads, headsKv, layers, vocabulary } = shape;
  const keys = (embedding / heads) * headsKv;
  const matrix = (name: string, columns: number, rows: number, layer = 0): TensorInfo => {
    const elements = columns * rows;
    const type = typeOf(packing, { name, columns, layer }, layers);
    const bytes = (elements / BLOCKS[type].elements) * BLOCKS[type].bytes;
    return { name, type, dimensions: [columns, rows], elements, bytes };
  };
  const norm = (name: string): TensorInfo => {
    return {
      name,
      type: 'f32',
      dimensions: [embedding],
      elements: embedding,
      bytes: embedding * 4,
    };
  };
  const layer = (index: number): TensorInfo[] => [
    norm(`blk.${index}.attn_norm.weight`),
    matrix(`blk.${index}.attn_q.weight`, embedding, embedding),
    matrix(`blk.${index}.attn_k.weight`, embedding, keys),
    matrix(`blk.${index}.attn_v.weight`, embedding, keys, index),
    matrix(`blk.${index}.attn_output.weight`, embedding, embedding),
    norm(`blk.${index}.ffn_norm.weight`),
    matrix(`blk.${index}.ffn_gate.weight`, embedding, feedForward),
    matrix(`blk.${index}.ffn_up.weight`, embedding, feedForward),
    matrix(`blk.${index}.ffn_down.weight`, feedForward, embedding, index),
  ];
  return [
    matrix('token_embd.weight', embedding, vocabulary),
    ...Array.from({ length: layers }, (_, index) => layer(index)).flat(),
    norm('output_norm.weight'),
  ];
}

function ones(elements: number): Buffer {
  return Buffer.from(new Float32Array(elements).fill(1).buffer);
}
