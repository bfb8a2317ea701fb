import { z } from 'zod';
import { ApiError } from '../../core/errors.ts';
import type { Relay, RelayReply, RelayRequest } from '../../core/relay.ts';
import { printable } from '../../core/trail.ts';
import { drained } from '../drained.ts';
import { incomingBytes, tooLarge } from '../incoming-bytes.ts';
import { forCaller } from '../middleware/error-envelope.ts';
import type { OpenAnswers } from '../open-answers.ts';
import { openForm } from '../open-form.ts';
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
export function audioFormRoute(relay: Relay, path: string, answers: OpenAnswers): Handler {
  return async (ctx) => {
    const contentType = ctx.get('content-type');
    const boundary = boundaryOf(contentType);
    if (boundary === undefined) {
      throw new ApiError(
        'unsupported_media_type',
        'Send the audio as a form: content-type multipart/form-data with a file and a model.',
      );
    }
    const given = ctx.get('content-length');
    const contentLength = given === '' ? undefined : Number(given);
    if (contentLength && contentLength > MAX_AUDIO_BYTES) throw tooLarge(MAX_AUDIO_BYTES);
    const bytes = incomingBytes(ctx.req, MAX_AUDIO_BYTES);
    try {
      const { body, model } = await openForm(bytes, boundary);
      ctx.state.formModel = model;
      await passOn(ctx, relay, answers, { path, contentType, contentLength, body, model });
    } catch (error) {
      void dropRest(ctx, bytes);
      throw error;
    }
  };
}

/** A caller who is still sending reads no answer. */
async function dropRest(ctx: Context, bytes: AsyncGenerator<Uint8Array>): Promise<void> {
  await bytes.return(undefined);
  // The stream hears in the next turn that nobody reads it any more.
  setImmediate(() => ctx.req.resume());
}

function boundaryOf(contentType: string): string | undefined {
  const found = /^multipart\/form-data\s*;.*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  return found?.[1] ?? found?.[2];
}

/** `POST /v1/audio/speech`: a text in, a file out. */
export function speechRoute(relay: Relay, answers: OpenAnswers): Handler {
  return async (ctx) => {
    const { model } = parse(speechSchema, ctx.state.json?.value());
    const body = ctx.state.bytes ?? Buffer.alloc(0);
    const contentType = 'application/json';
    const request = { path: '/audio/speech', contentType, body, model: () => model };
    await passOn(ctx, relay, answers, request);
  };
}

async function passOn(
  ctx: Context,
  relay: Relay,
  answers: OpenAnswers,
  request: Omit<RelayRequest, 'id'>,
): Promise<void> {
  const signal = answers.signalFor(ctx.res);
  const reply = await relay.relay(
    { id: ctx.state.requestId, tally: ctx.state.open?.tally, span: ctx.state.span, ...request },
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
      if (!res.write(bytes)) await drained(res, signal);
    }
    res.end();
  } catch (error) {
    const isBroken = res.headersSent && !res.destroyed;
    if (isBroken) ctx.state.answer = { ...ctx.state.answer, broken: forCaller(error).code };
    throw error;
  }
}
