import type { IncomingMessage } from 'node:http';
import { ApiError } from '../core/errors.ts';
import { together } from '../core/together.ts';

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
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) return reject(tooLarge());
    if (request.destroyed) return reject(brokenOff());
    const parts: Buffer[] = [];
    let length = 0;
    let isOver = false;
    const fail = () => {
      if (!isOver) reject(brokenOff());
    };
    request.on('data', (part: Buffer) => {
      length += part.length;
      if (length <= maxBytes) return void parts.push(part);
      parts.length = 0;
      reject(tooLarge());
    });
    request.on('end', () => {
      isOver = true;
      const [first] = parts;
      received({ resolve, bytes: first && parts.length === 1 ? first : Buffer.concat(parts) });
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
