import { isUtf8 } from 'node:buffer';
import getRawBody from 'raw-body';
import { ApiError } from '../../core/errors.ts';
import type { Context, Handler } from '../state.ts';

const MIB = 1024 * 1024;

/** Limit of a JSON body. */
export const MAX_JSON_BYTES = 4 * MIB;

/** Limit of a JSON body whose messages hold images. */
export const MAX_IMAGE_BYTES = 20 * MIB;

/** Receives a JSON body: its bytes, as they came, and what they say. */
export function jsonBody(): Handler {
  return async (ctx, next) => {
    const isJson = ctx.is('json', '+json');
    if (isJson === null) throw empty();
    if (!isJson) {
      throw new ApiError(
        'unsupported_media_type',
        'Send the body as JSON, with the header content-type: application/json.',
      );
    }
    const bytes = await receive(ctx);
    ctx.state.bytes = bytes;
    ctx.state.json = parse(bytes);
    return next();
  };
}

async function receive(ctx: Context): Promise<Buffer> {
  if (ctx.get('content-encoding') && ctx.get('content-encoding') !== 'identity') {
    throw new ApiError('unsupported_media_type', 'Send the body without a content-encoding.');
  }
  try {
    const bytes = await getRawBody(ctx.req, {
      length: ctx.req.headers['content-length'] ?? null,
      limit: MAX_IMAGE_BYTES,
    });
    if (bytes.length > MAX_JSON_BYTES && !bytes.includes('"image_url"')) throw tooLarge();
    return bytes;
  } catch (error) {
    throw receiveError(error);
  }
}

function receiveError(error: unknown): unknown {
  const { type } = error as { type?: string };
  if (type === 'entity.too.large') return tooLarge();
  if (type === 'request.aborted') {
    return new ApiError('client_closed_request', 'The body ended before it was whole.');
  }
  if (type === 'request.size.invalid') {
    return new ApiError('invalid_request', 'The body is not as long as content-length says.');
  }
  return error;
}

function tooLarge(): ApiError {
  return new ApiError(
    'body_too_large',
    'The body is larger than 4 MiB (20 MiB where messages hold images). Shorten the messages.',
  );
}

function empty(): ApiError {
  return new ApiError('invalid_json', 'The request has no body. Send a JSON object.');
}

function parse(bytes: Buffer): unknown {
  if (bytes.length === 0) throw empty();
  if (!isUtf8(bytes)) throw new ApiError('invalid_json', 'The body is not valid UTF-8.');
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new ApiError(
      'invalid_json',
      'The body is not valid JSON. Check quotes, commas and braces.',
    );
  }
}
