import { ApiError, clientClosedRequest } from '../../core/errors.ts';
import { jsonBodyOf } from '../json/body.ts';
import { receive } from '../receive.ts';
import type { Handler } from '../state.ts';

const MIB = 1024 * 1024;

/** Limit of a JSON body. */
export const MAX_JSON_BYTES = 4 * MIB;

/** Limit of a JSON body whose messages hold images. */
export const MAX_IMAGE_BYTES = 20 * MIB;

/** Whoever writes a much deeper value anew runs out of stack. */
const MAX_DEPTH = 200;

/** No API has a tenth of that; each layer that looks at a request's fields, or copies them, takes its time. */
const MAX_FIELDS = 1_000;

/** Receives a JSON body: its bytes, as they came, and what they say. */
export function jsonBody(): Handler {
  return (ctx, next) => {
    const isJson =
      ctx.req.headers['content-type'] === 'application/json' || ctx.is('application/json', '+json');
    if (isJson === null) throw empty();
    if (!isJson) {
      throw new ApiError(
        'unsupported_media_type',
        'Send the body as JSON, with the header content-type: application/json.',
      );
    }
    const expectedAt = performance.now();
    const encoding = ctx.req.headers['content-encoding'];
    if (encoding && encoding !== 'identity') {
      throw new ApiError('unsupported_media_type', 'Send the body without a content-encoding.');
    }
    return receive(ctx.req, MAX_IMAGE_BYTES, tooLarge).then(
      (bytes) => {
        if (ctx.res.destroyed) throw clientClosedRequest();
        if (bytes.length > MAX_JSON_BYTES && !holdsImages(bytes)) throw tooLarge();
        const { state } = ctx;
        state.body = { expectedAt, receivedAt: performance.now() };
        state.bytes = bytes;
        if (bytes.length === 0) throw empty();
        state.json = jsonBodyOf(bytes);
        if (state.json.isWider(MAX_FIELDS)) throw tooWide();
        if (state.json.isDeeper(MAX_DEPTH)) throw tooDeep();
        return next();
      },
      (error) => {
        // The rest is read and dropped: a caller who is still sending reads no answer, and a connection
        // that is stuck in a body would hold up the shutdown.
        ctx.req.resume();
        throw error;
      },
    );
  };
}

function tooWide(): ApiError {
  return new ApiError('invalid_request', `The body has more than ${MAX_FIELDS} fields.`);
}

function tooDeep(): ApiError {
  return new ApiError('invalid_request', `The body is nested deeper than ${MAX_DEPTH} levels.`);
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

function empty(): ApiError {
  return new ApiError('invalid_json', 'The request has no body. Send a JSON object.');
}
