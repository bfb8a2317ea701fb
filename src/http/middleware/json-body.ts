import { ApiError, clientClosedRequest } from '../../core/errors.ts';
import { giveBackAfter } from '../give-back-after.ts';
import { jsonBodyOf } from '../json/body.ts';
import type { Bounds } from '../json/excess.ts';
import { receive } from '../receive.ts';
import type { Handler } from '../state.ts';

const MIB = 1024 * 1024;

/** Limit of a JSON body. */
export const MAX_JSON_BYTES = 4 * MIB;

/** Limit of a JSON body whose messages hold images. */
export const MAX_IMAGE_BYTES = 20 * MIB;

/**
 * Whoever writes a much deeper value anew runs out of stack. Each layer that looks at fields, or copies
 * them, takes its time: no API has a tenth of these in a request, and no model reads so many in all.
 */
const BOUNDS: Bounds = { levels: 200, fields: 1_000, allFields: 50_000 };

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
        giveBackAfter(ctx.res, bytes);
        if (bytes.length === 0) throw empty();
        state.json = jsonBodyOf(bytes);
        const excess = state.json.excess(BOUNDS);
        if (excess) throw beyond(excess);
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

function beyond(excess: keyof Bounds): ApiError {
  const what = {
    levels: `is nested deeper than ${BOUNDS.levels} levels`,
    fields: `has more than ${BOUNDS.fields} fields`,
    allFields: `has more than ${BOUNDS.allFields} fields, with those of all objects in it`,
  };
  return new ApiError('invalid_request', `The body ${what[excess]}.`);
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
