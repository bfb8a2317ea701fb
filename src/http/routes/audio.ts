import { once } from 'node:events';
import { z } from 'zod';
import { ApiError } from '../../core/errors.ts';
import type { Relay, RelayReply, RelayRequest } from '../../core/relay.ts';
import { printable } from '../../core/trail.ts';
import { hangUpSignal } from '../hang-up.ts';
import { incomingBytes, tooLarge } from '../incoming-bytes.ts';
import { parse } from '../parse-body.ts';
import type { Context, Handler } from '../state.ts';

/** Limit of a body that holds audio. */
export const MAX_AUDIO_BYTES = 25 * 1024 * 1024;

/** OpenAI's body of a speech request. */
export const speechSchema = z.looseObject({
  model: z.string().min(1).max(200),
  input: z.string().min(1),
  voice: z.union([z.string().min(1), z.looseObject({ id: z.string() })]),
  response_format: z.string().nullish(),
  speed: z.number().nullish(),
});

/** `POST /v1/audio/transcriptions` and `/translations`: the form goes on while it comes in. */
export function audioFormRoute(relay: Relay, path: string): Handler {
  return async (ctx) => {
    const contentType = ctx.get('content-type');
    if (!/^multipart\/form-data\s*;.*boundary=/i.test(contentType)) {
      throw new ApiError(
        'unsupported_media_type',
        'Send the audio as a form: content-type multipart/form-data with a file and a model.',
      );
    }
    const given = ctx.get('content-length');
    const contentLength = given === '' ? undefined : Number(given);
    if (contentLength && contentLength > MAX_AUDIO_BYTES) throw tooLarge(MAX_AUDIO_BYTES);
    const body = incomingBytes(ctx.req, MAX_AUDIO_BYTES);
    await passOn(ctx, relay, { path, contentType, contentLength, body });
  };
}

/** `POST /v1/audio/speech`: a text in, a file out. */
export function speechRoute(relay: Relay): Handler {
  return async (ctx) => {
    const { model } = parse(speechSchema, ctx.state.json);
    const body = ctx.state.bytes ?? Buffer.alloc(0);
    const contentType = 'application/json';
    await passOn(ctx, relay, { path: '/audio/speech', contentType, body, model });
  };
}

async function passOn(
  ctx: Context,
  relay: Relay,
  request: Omit<RelayRequest, 'id'>,
): Promise<void> {
  const signal = hangUpSignal(ctx.res);
  const reply = await relay.relay(
    { id: ctx.state.requestId, tally: ctx.state.open?.tally, ...request },
    signal,
  );
  ctx.state.answer = { servedBy: reply.servedBy };
  ctx.set({ ...reply.headers, 'x-served-by': printable(reply.servedBy) });
  ctx.respond = false;
  ctx.res.statusCode = 200;
  await writeBytes(ctx, reply, signal);
}

/** A file that breaks off can't say so in words: its connection breaks as well. */
async function writeBytes(ctx: Context, { body }: RelayReply, signal: AbortSignal): Promise<void> {
  const { res } = ctx;
  try {
    for await (const bytes of body) {
      if (!res.write(bytes)) await once(res, 'drain', { signal });
    }
    res.end();
  } catch (error) {
    if (signal.aborted) return;
    ctx.state.answer = { ...ctx.state.answer, broken: error instanceof Error ? error.name : '' };
    res.destroy();
  }
}
