import { BLOCKS, type TensorType } from './gguf-weights.ts';

/** A value of a GGUF header with its type. */
export type Field =
  | readonly ['text', string]
  | readonly ['u32', number]
  | readonly ['u32s', readonly number[]]
  | readonly ['f32', number]
  | readonly ['flag', boolean]
  | readonly ['texts', readonly string[]]
  | readonly ['f32s', readonly number[]]
  | readonly ['i32s', readonly number[]];

export type TensorInfo = {
  readonly name: string;
  readonly type: TensorType;
  readonly dimensions: readonly number[];
  readonly elements: number;
  /** A multiple of 32, the format's alignment. */
  readonly bytes: number;
};

const ALIGNMENT = 32;

/** Writes a GGUF v3 header, padded to where the weights begin. */
export function ggufHeader(
  fields: Readonly<Record<string, Field>>,
  tensors: readonly TensorInfo[],
): Buffer {
  let offset = 0;
  const infos = tensors.map(({ name, type, dimensions, bytes }) => {
    const info = Buffer.concat([
      text(name),
      u32(dimensions.length),
      ...dimensions.map(u64),
      u32(BLOCKS[type].id),
      u64(offset),
    ]);
    if (bytes % ALIGNMENT !== 0) throw new Error(`${name} is not aligned`);
    offset += bytes;
    return info;
  });
  const pairs = Object.entries(fields).map(([key, field]) =>
    Buffer.concat([text(key), value(field)]),
  );
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    u32(3),
    u64(tensors.length),
    u64(pairs.length),
    ...pairs,
    ...infos,
  ]);
  return Buffer.concat([head, Buffer.alloc((ALIGNMENT - (head.length % ALIGNMENT)) % ALIGNMENT)]);
}

function value(field: Field): Buffer {
  switch (field[0]) {
    case 'text':
      return Buffer.concat([u32(8), text(field[1])]);
    case 'u32':
      return Buffer.concat([u32(4), u32(field[1])]);
    case 'u32s':
      return list(4, field[1].map(u32));
    case 'f32':
      return Buffer.concat([u32(6), f32(field[1])]);
    case 'flag':
      return Buffer.concat([u32(7), Buffer.from([field[1] ? 1 : 0])]);
    case 'texts':
      return list(8, field[1].map(text));
    case 'f32s':
      return list(6, field[1].map(f32));
    case 'i32s':
      return list(5, field[1].map(u32));
  }
}

function list(type: number, items: readonly Buffer[]): Buffer {
  return Buffer.concat([u32(9), u32(type), u64(items.length), ...items]);
}

function text(content: string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([u64(bytes.length), bytes]);
}

function u32(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(number);
  return bytes;
}

function u64(number: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(number));
  return bytes;
}

function f32(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(number);
  return bytes;
}
