import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { BadGguf } from '../bad-gguf.ts';
import { readGgufHeader } from '../gguf.ts';
import { PullError } from './download.ts';

type Expected = {
  readonly bytes?: number | undefined;
  readonly sha256?: string | undefined;
};

/**
 * Checks a downloaded file: its size, its SHA-256 where one is known, and that it is a whole GGUF.
 *
 * @throws PullError that says what is wrong
 */
export async function verify(
  path: string,
  expected: Expected,
): Promise<{ bytes: number; sha256: string }> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
    const { size: bytes } = await file.stat();
    if (expected.bytes !== undefined && bytes !== expected.bytes) {
      throw wrong(`has ${bytes} bytes, and should have ${expected.bytes}`);
    }
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    const sha256 = hash.digest('hex');
    if (expected.sha256 !== undefined && sha256 !== expected.sha256) {
      throw wrong('is not the one that the catalogue means: its SHA-256 differs');
    }
    await readGgufHeader(file, bytes);
    return { bytes, sha256 };
  } catch (error) {
    if (error instanceof BadGguf) throw wrong(`is no usable model: ${error.message}`);
    throw error;
  } finally {
    await file.close();
  }
}

function wrong(how: string): PullError {
  return new PullError(`The downloaded file ${how}. It was removed.`, { isFinal: true });
}
