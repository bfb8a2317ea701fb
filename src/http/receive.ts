import type { IncomingMessage } from 'node:http';
import { ApiError } from '../core/errors.ts';
import { together } from '../core/together.ts';
import { JoinedBytes } from './joined-bytes.ts';

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
    let body = new JoinedBytes(announced);
    let length = 0;
    let isOver = false;
    const fail = () => {
      if (!isOver) reject(brokenOff());
    };
    request.on('data', (part: Buffer) => {
      length += part.length;
      if (length <= maxBytes) return body.add(part);
      body = new JoinedBytes(0);
      reject(tooLarge());
    });
    request.on('end', () => {
      isOver = true;
      received({ resolve, bytes: body.all() });
    });
    request.on('error', fail);
    request.on('close', fail);
  });
}

type Body = { readonly resolve: (bytes: Buffer) => void; readonly bytes: Buffer };

const received = together(({ resolve, bytes }: Body) => resolve(bytes));

function brokenOff(): ApiError {
  return new ApiError('client_closed_request', 'The body ended before it was whole.');
}
