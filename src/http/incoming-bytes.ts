import type { IncomingMessage } from 'node:http';
import { ApiError, clientClosedRequest } from '../core/errors.ts';

/**
 * A request's body as it comes in, counted. A reader who stops early leaves the connection open for
 * the answer.
 *
 * @throws ApiError `body_too_large` as soon as more than `maxBytes` came.
 */
export async function* incomingBytes(
  request: IncomingMessage,
  maxBytes: number,
): AsyncGenerator<Uint8Array, void, void> {
  let received = 0;
  const pieces: AsyncIterable<Uint8Array> = request.iterator({ destroyOnReturn: false });
  try {
    for await (const piece of pieces) {
      received += piece.length;
      if (received > maxBytes) throw tooLarge(maxBytes);
      yield piece;
    }
  } catch (error) {
    throw error instanceof ApiError ? error : clientClosedRequest();
  }
}

/** The error for a body of more than `maxBytes`. */
export function tooLarge(maxBytes: number): ApiError {
  const mib = maxBytes / (1024 * 1024);
  return new ApiError(
    'body_too_large',
    `The body is larger than ${mib} MiB. Send a shorter or more compressed file, or split it.`,
  );
}
