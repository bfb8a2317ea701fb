/**
 * Collects one request body out of arbitrary slices of the byte stream. `feed` returns undefined
 * while more is needed, and what lies behind the body once it is whole.
 */
export interface BodyReader {
  feed(bytes: Buffer): Buffer | undefined;
  bytes(): Buffer;
}

/** Thrown for bytes that are no HTTP/1.1 request; the connection is then answered 400 and closed. */
export class BadRequest extends Error {}

const maxBodyBytes = 64 * 1024 * 1024;

/** Reads a body of a known length in bytes. */
export function lengthBody(length: number): BodyReader {
  if (!(length >= 0 && length <= maxBodyBytes)) throw new BadRequest('content-length out of range');
  const parts: Buffer[] = [];
  let missing = length;
  return {
    feed(bytes) {
      const part = bytes.subarray(0, missing);
      if (part.length > 0) parts.push(part);
      missing -= part.length;
      return missing === 0 ? bytes.subarray(part.length) : undefined;
    },
    bytes: () => Buffer.concat(parts),
  };
}

/** Reads a chunked body; trailers are read over. */
export function chunkedBody(): BodyReader {
  const parts: Buffer[] = [];
  let rest: Buffer = Buffer.alloc(0);
  let total = 0;
  let inTrailers = false;

  function takeChunk(): boolean {
    const lineEnd = rest.indexOf('\r\n');
    if (lineEnd < 0) return false;
    const size = Number.parseInt(rest.toString('latin1', 0, lineEnd), 16);
    if (!(size >= 0 && total + size <= maxBodyBytes)) throw new BadRequest('bad chunk size');
    if (size === 0) {
      inTrailers = true;
      rest = rest.subarray(lineEnd + 2);
      return false;
    }
    const start = lineEnd + 2;
    if (rest.length < start + size + 2) return false;
    parts.push(rest.subarray(start, start + size));
    total += size;
    rest = rest.subarray(start + size + 2);
    return true;
  }

  function takeTrailers(): Buffer | undefined {
    for (;;) {
      const lineEnd = rest.indexOf('\r\n');
      if (lineEnd < 0) return undefined;
      rest = rest.subarray(lineEnd + 2);
      if (lineEnd === 0) return rest;
    }
  }

  return {
    feed(bytes) {
      rest = Buffer.concat([rest, bytes]);
      while (!inTrailers && takeChunk());
      return inTrailers ? takeTrailers() : undefined;
    },
    bytes: () => Buffer.concat(parts),
  };
}
