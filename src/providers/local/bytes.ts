import type { FileHandle } from 'node:fs/promises';
import { BadGguf } from './bad-gguf.ts';

/** Reads little-endian values from a file, front to back, through a window of fixed size. */
export type ByteReader = {
  u32(): Promise<number>;
  /** Loses precision beyond 2^53, where every limit has long been passed. */
  u64(): Promise<number>;
  /** A value of one of GGUF's plain types. */
  number(type: number, width: number): Promise<number>;
  text(mostBytes: number): Promise<string>;
  skip(bytes: number): Promise<void>;
  /** Skips a list of texts without making strings of them. */
  skipTexts(count: number): Promise<void>;
  position(): number;
};

const WINDOW_BYTES = 256 * 1024;

/** @throws BadGguf when more is asked for than the file holds */
export function byteReader(file: FileHandle, fileBytes: number): ByteReader {
  const window = Buffer.alloc(Math.min(WINDOW_BYTES, fileBytes));
  let start = 0;
  let filled = 0;
  let at = 0;

  /** Makes the next `bytes` (at most a window) available at `at`. */
  async function need(bytes: number): Promise<void> {
    if (at + bytes <= filled) return;
    start += at;
    at = 0;
    ({ bytesRead: filled } = await file.read(window, 0, window.length, start));
    if (bytes > filled) throw new BadGguf('its header is cut short');
  }

  async function u32(): Promise<number> {
    await need(4);
    at += 4;
    return window.readUInt32LE(at - 4);
  }

  async function u64(): Promise<number> {
    await need(8);
    at += 8;
    return window.readUInt32LE(at - 8) + window.readUInt32LE(at - 4) * 2 ** 32;
  }

  async function skip(bytes: number): Promise<void> {
    if (start + at + bytes > fileBytes) throw new BadGguf('its header is cut short');
    if (at + bytes <= filled) {
      at += bytes;
      return;
    }
    start += at + bytes;
    at = 0;
    filled = 0;
  }

  async function text(mostBytes: number): Promise<string> {
    const bytes = await u64();
    if (bytes > mostBytes) throw new BadGguf('its header holds a text without end');
    const parts: Buffer[] = [];
    for (let left = bytes; left > 0; ) {
      const part = Math.min(left, window.length);
      await need(part);
      parts.push(Buffer.from(window.subarray(at, at + part)));
      at += part;
      left -= part;
    }
    return Buffer.concat(parts).toString('utf8');
  }

  return {
    u32,
    u64,
    skip,
    text,
    async number(type, width) {
      await need(width);
      at += width;
      return readers[type]?.(window, at - width) ?? Number.NaN;
    },
    async skipTexts(count) {
      for (let left = count; left > 0; left -= 1) {
        if (at + 8 > filled) await need(8);
        const bytes = window.readUInt32LE(at) + window.readUInt32LE(at + 4) * 2 ** 32;
        at += 8;
        if (at + bytes <= filled) at += bytes;
        else await skip(bytes);
      }
    },
    position: () => start + at,
  };
}

const readers: Readonly<Record<number, (from: Buffer, at: number) => number>> = {
  0: (from, at) => from.readUInt8(at),
  1: (from, at) => from.readInt8(at),
  2: (from, at) => from.readUInt16LE(at),
  3: (from, at) => from.readInt16LE(at),
  4: (from, at) => from.readUInt32LE(at),
  5: (from, at) => from.readInt32LE(at),
  6: (from, at) => from.readFloatLE(at),
  7: (from, at) => from.readUInt8(at),
  10: (from, at) => Number(from.readBigUInt64LE(at)),
  11: (from, at) => Number(from.readBigInt64LE(at)),
  12: (from, at) => from.readDoubleLE(at),
};
