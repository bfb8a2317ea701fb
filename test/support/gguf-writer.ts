import { closeSync, openSync, writeSync } from 'node:fs';
import { type Field, ggufHeader, type TensorInfo } from './gguf-header.ts';
import { tinyVocabulary } from './gguf-vocabulary.ts';

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
  readonly template?: string;
  readonly seed?: number;
  /** Fields that replace or join the usual ones, by key. */
  readonly fields?: Readonly<Record<string, Field>>;
};

/**
 * Writes a GGUF file with random Q8_0 weights: answers are noise, but speed, memory and every
 * mechanism are as with a real model of that shape.
 */
export function writeGguf(
  path: string,
  { shape = TINY, template = CHATML, seed = 1, fields = {} }: Options = {},
): void {
  const tensors = tensorsOf(shape);
  const all = { ...fieldsOf(shape, template), ...fields };
  const file = openSync(path, 'w');
  try {
    writeSync(file, ggufHeader(all, tensors));
    const noise = noiseBlocks(seed);
    for (const { type, elements, bytes } of tensors) {
      const data = type === 'f32' ? ones(elements) : repeated(noise, bytes);
      writeSync(file, data);
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
    'general.file_type': ['u32', 7],
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

function tensorsOf(shape: Shape): TensorInfo[] {
  const { embedding, feedForward, heads, headsKv, layers, vocabulary } = shape;
  const keys = (embedding / heads) * headsKv;
  const matrix = (name: string, columns: number, rows: number): TensorInfo => {
    const elements = columns * rows;
    return {
      name,
      type: 'q8_0',
      dimensions: [columns, rows],
      elements,
      bytes: (elements / 32) * 34,
    };
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
    matrix(`blk.${index}.attn_v.weight`, embedding, keys),
    matrix(`blk.${index}.attn_output.weight`, embedding, embedding),
    norm(`blk.${index}.ffn_norm.weight`),
    matrix(`blk.${index}.ffn_gate.weight`, embedding, feedForward),
    matrix(`blk.${index}.ffn_up.weight`, embedding, feedForward),
    matrix(`blk.${index}.ffn_down.weight`, feedForward, embedding),
  ];
  return [
    matrix('token_embd.weight', embedding, vocabulary),
    ...Array.from({ length: layers }, (_, index) => layer(index)).flat(),
    norm('output_norm.weight'),
  ];
}

/** Q8_0 blocks: a 16-bit scale, then 32 signed bytes; an odd number, so that rows differ. */
function noiseBlocks(seed: number): Buffer {
  const blocks = Buffer.alloc(34 * 4_099);
  let state = seed >>> 0 || 1;
  for (let at = 0; at < blocks.length; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    blocks[at] = state & 0xff;
  }
  // 0x0f00 is about 0.0004: weights of up to 0.05.
  for (let at = 0; at < blocks.length; at += 34) blocks.writeUInt16LE(0x0f00, at);
  return blocks;
}

function repeated(pattern: Buffer, bytes: number): Buffer {
  return Buffer.alloc(bytes, pattern);
}

function ones(elements: number): Buffer {
  return Buffer.from(new Float32Array(elements).fill(1).buffer);
}
