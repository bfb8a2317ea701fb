import { isAscii, isUtf8 } from 'node:buffer';
import { ApiError } from '../../core/errors.ts';
import { receive } from '../receive.ts';
import type { Context, Handler } from '../state.ts';

const MIB = 1024 * 1024;

/** Limit of a JSON body. */
export const MAX_JSON_BYTES = 4 * MIB;

/** Limit of a JSON body whose messages hold images. */
export const MAX_IMAGE_BYTES = 20 * MIB;

/** Whoever writes a much deeper value anew runs out of stack. */
const MAX_DEPTH = 200;

/** Receives a JSON body: its bytes, as they came, and what they say. */
export function jsonBody(): Handler {
  return async (ctx, next) => {
    const isJson =
      ctx.req.headers['content-type'] === 'application/json' || ctx.is('json', '+json');
    if (isJson === null) throw empty();
    if (!isJson) {
      throw new ApiError(
        'unsupported_media_type',
        'Send the body as JSON, with the header content-type: application/json.',
      );
    }
    const expectedAt = performance.now();
    const bytes = await received(ctx);
    ctx.state.body = { expectedAt, receivedAt: performance.now() };
    ctx.state.bytes = bytes;
    ctx.state.json = parse(bytes);
    if (isDeeper(ctx.state.json, MAX_DEPTH)) {
      throw new ApiError('invalid_request', `The body is nested deeper than ${MAX_DEPTH} levels.`);
    }
    return next();
  };
}

async function received(ctx: Context): Promise<Buffer> {
  const encoding = ctx.req.headers['content-encoding'];
  if (encoding && encoding !== 'identity') {
    throw new ApiError('unsupported_media_type', 'Send the body without a content-encoding.');
  }
  try {
    const bytes = await receive(ctx.req, MAX_IMAGE_BYTES, tooLarge);
    if (bytes.length > MAX_JSON_BYTES && !holdsImages(bytes)) throw tooLarge();
    return bytes;
  } catch (error) {
    // The rest is read and dropped: a caller who is still sending reads no answer, and a connection
    // that is stuck in a body would hold up the shutdown.
    ctx.req.resume();
    throw error;
  }
}

/** An image's part in OpenAI's shape, or Anthropic's. */
function holdsImages(bytes: Buffer): boolean {
  return bytes.includes('"image_url"') || bytes.includes('"base64"');
}

function tooLarge(): ApiError {
  return new ApiError(
    'body_too_large',
    'The body is larger than 4 MiB (20 MiB where messages hold images). Shorten the messages.',
  );
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((inner) => isDeeper(inner, levels - 1));
  for (const name in value) {
    if (isDeeper(Reflect.get(value, name), levels - 1)) return true;
  }
  return false;
}

function empty(): ApiError {
  return new ApiError('invalid_json', 'The request has no body. Send a JSON object.');
}

function parse(bytes: Buffer): unknown {
  if (bytes.length === 0) throw empty();
  if (!isUtf8(bytes)) throw new ApiError('invalid_json', 'The body is not valid UTF-8.');
  try {
    // Reading ASCII as UTF-8 takes three times as long.
    return JSON.parse(bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8'));
  } catch {
    throw new ApiError(
      'invalid_json',
      'The body is not valid JSON. Check quotes, commas and braces.',
    );
  }
}
