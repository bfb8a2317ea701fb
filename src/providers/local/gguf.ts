import type { FileHandle } from 'node:fs/promises';
import { BadGguf } from './bad-gguf.ts';
import { type ByteReader, byteReader } from './bytes.ts';
import { ARRAY, STRING, WIDTHS } from './gguf-types.ts';
import { tensorBytes } from './tensor-types.ts';

/** What a GGUF file's header says, as far as it decides whether and how the file is loaded. */
export type GgufHeader = {
  readonly architecture: string;
  readonly layers: number;
  readonly embedding: number;
  readonly heads: number;
  readonly headsKv: number;
  readonly keyLength: number;
  readonly valueLength: number;
  readonly trainContext: number;
  readonly vocabulary: number;
  readonly fileType: number | undefined;
  readonly chatTemplate: string | undefined;
  /** Whether a vector needs its text whole: tokens look ahead, or all of them make the vector. */
  readonly embedsWhole: boolean;
  readonly weightBytes: number;
};

const MAGIC = 0x46554747;
const MOST_TENSORS = 100_000;
const MOST_PAIRS = 10_000;
const MOST_LAYERS = 1_024;
const MOST_KEY_BYTES = 65_535;
const MOST_TEXT_BYTES = 1 << 20;
const NO_ATTENTION = /^(mamba|a?rwkv)/;

type Value = number | string | undefined;
type Pairs = ReadonlyMap<string, Value>;

/** What `pooling_type` says where the last token's vector is the answer: nothing, none, last. */
const LAST_TOKEN_ONLY: ReadonlySet<Value> = new Set([undefined, -1, 0, 3]);

/**
 * Reads a header without ever holding more of the file than a small window, and checks what
 * llama.cpp would not survive.
 *
 * @throws BadGguf
 */
export async function readGgufHeader(file: FileHandle, fileBytes: number): Promise<GgufHeader> {
  const reader = byteReader(file, fileBytes);
  if (fileBytes < 24 || (await reader.u32()) !== MAGIC) throw new BadGguf('it is not a GGUF file');
  const version = await reader.u32();
  if (version < 2 || version > 3) throw new BadGguf(`its GGUF version ${version} is unknown`);
  const tensors = bounded(await reader.u64(), MOST_TENSORS, 'tensors');
  const pairs = await readPairs(reader, bounded(await reader.u64(), MOST_PAIRS, 'settings'));
  const weightBytes = await measureTensors(reader, tensors, alignmentOf(pairs), fileBytes);
  return { ...shapeOf(pairs), weightBytes };
}

async function readPairs(reader: ByteReader, count: number): Promise<Pairs> {
  const pairs = new Map<string, Value>();
  for (let index = 0; index < count; index += 1) {
    const key = await reader.text(MOST_KEY_BYTES);
    pairs.set(key, await readValue(reader, await reader.u32()));
  }
  return pairs;
}

/**
 * A number, a text, or for an array its greatest number (some models list a value for each layer)
 * or, for texts, its length.
 */
async function readValue(reader: ByteReader, type: number): Promise<Value> {
  if (type === STRING) return reader.text(MOST_TEXT_BYTES);
  if (type !== ARRAY) return reader.number(type, widthOf(type));
  const items = await reader.u32();
  const count = await reader.u64();
  if (items === STRING) {
    await reader.skipTexts(count);
    return count;
  }
  if (items === ARRAY) throw new BadGguf('its header nests arrays');
  const width = widthOf(items);
  if (count === 0) return undefined;
  if (count > MOST_LAYERS) {
    await reader.skip(count * width);
    return undefined;
  }
  let greatest = -Infinity;
  for (let index = 0; index < count; index += 1) {
    greatest = Math.max(greatest, await reader.number(items, width));
  }
  return greatest;
}

function widthOf(type: number): number {
  const width = WIDTHS[type];
  if (width === undefined) throw new BadGguf('its header holds a value of an unknown type');
  return width;
}

/** Walks the tensor list; every tensor must lie within the file. */
async function measureTensors(
  reader: ByteReader,
  count: number,
  alignment: number,
  fileBytes: number,
): Promise<number> {
  if (count === 0) throw new BadGguf('it holds no weights');
  let total = 0;
  let end = 0;
  for (let index = 0; index < count; index += 1) {
    await reader.text(MOST_KEY_BYTES);
    const dimensions = bounded(await reader.u32(), 8, 'dimensions');
    let elements = 1;
    for (let axis = 0; axis < dimensions; axis += 1) elements *= await reader.u64();
    const bytes = tensorBytes(await reader.u32(), elements);
    const offset = await reader.u64();
    total += bytes;
    end = Math.max(end, offset + bytes);
  }
  const start = Math.ceil(reader.position() / alignment) * alignment;
  if (start + end > fileBytes) {
    throw new BadGguf(`it is cut short: ${start + end} bytes are needed, ${fileBytes} are there`);
  }
  return total;
}

function alignmentOf(pairs: Pairs): number {
  const alignment = pairs.get('general.alignment') ?? 32;
  const usable = typeof alignment === 'number' && alignment > 0 && alignment % 8 === 0;
  if (!usable) throw new BadGguf('its alignment makes no sense');
  return alignment;
}

function shapeOf(pairs: Pairs): Omit<GgufHeader, 'weightBytes'> {
  const architecture = pairs.get('general.architecture');
  if (typeof architecture !== 'string') throw new BadGguf('it names no architecture');
  const whole = (key: string, fallback?: number): number => {
    const value = pairs.get(`${architecture}.${key}`) ?? fallback;
    if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
    throw new BadGguf(`its ${key} is missing or makes no sense`);
  };
  const embedding = whole('embedding_length');
  // Architectures without attention say 0 or nothing; for the others 0 would abort llama.cpp.
  const heads = NO_ATTENTION.test(architecture) ? 1 : whole('attention.head_count', 1);
  const fileType = pairs.get('general.file_type');
  const template = pairs.get('tokenizer.chat_template');
  return {
    architecture,
    layers: whole('block_count'),
    embedding,
    heads,
    headsKv: NO_ATTENTION.test(architecture) ? 1 : whole('attention.head_count_kv', heads),
    keyLength: whole('attention.key_length', Math.max(1, Math.floor(embedding / heads))),
    valueLength: whole('attention.value_length', Math.max(1, Math.floor(embedding / heads))),
    trainContext: whole('context_length'),
    vocabulary: Number(pairs.get('tokenizer.ggml.tokens') ?? 0),
    fileType: typeof fileType === 'number' ? fileType : undefined,
    chatTemplate: typeof template === 'string' ? template : undefined,
    embedsWhole:
      pairs.get(`${architecture}.attention.causal`) === 0 ||
      !LAST_TOKEN_ONLY.has(pairs.get(`${architecture}.pooling_type`)),
  };
}

function bounded(value: number, most: number, what: string): number {
  if (value > most) throw new BadGguf(`its header promises ${value} ${what}`);
  return value;
}
