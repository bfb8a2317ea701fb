import type { IncomingMessage } from 'node:http';
import { ApiError } from '../core/errors.ts';
import { JoinedBytes } from '../core/joined-bytes.ts';
import { together } from '../core/together.ts';
import { freeBytes } from './free-bytes.ts';

/**
 * Receives a request's whole body. Of one that is too large nothing more is kept.
 *
 * @param tooLarge the error for a body of more than `maxBytes`
 * @throws ApiError also where the body ends before it is whole.
 */
export function receive(
  request: IncomingMessage,
  maxBytes: number,
  tooLarge: () => ApiError,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > maxBytes) return reject(tooLarge());
    if (request.destroyed) return reject(brokenOff());
    let body = new JoinedBytes(announced, freeBytes);
    let length = 0;
    const take = (part: Buffer) => {
      length += part.length;
      if (length <= maxBytes) return body.add(part);
      body = new JoinedBytes(0);
      reject(tooLarge());
    };
    const end = () => {
      leave();
      received({ resolve, bytes: body.all() });
    };
    const fail = () => {
      leave();
      reject(brokenOff());
    };
    // A stream's request stays as long as the stream, with whatever still listens to it.
    const leave = () => {
      request.off('data', take).off('end', end).off('close', fail);
    };
    // Whatever goes wrong, `close` comes after it; a request tells errors only to those who listen.
    request.on('data', take).on('end', end).on('close', fail);
  });
}

type Body = { readonly resolve: (bytes: Buffer) => void; readonly bytes: Buffer };

const received = together(({ resolve, bytes }: Body) => resolve(bytes));

function brokenOff(): ApiError {
  return new ApiError('client_closed_request', 'The body ended before it was whole.');
}
