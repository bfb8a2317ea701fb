import { z } from 'zod';
import type { Embedder } from '../../core/relay.ts';
import { printable } from '../../core/trail.ts';
import type { OpenAnswers } from '../open-answers.ts';
import { parse } from '../parse-body.ts';
import type { Handler } from '../state.ts';

/** With more, their vectors would take more memory than a small host has. */
const MOST_INPUTS = 256;

const tokens = z.array(z.int().min(0)).min(1);

/** OpenAI's body of an embeddings request. */
export const embeddingsSchema = z.looseObject({
  input: z.union([
    z.string().min(1),
    z.array(z.string().min(1)).min(1).max(MOST_INPUTS),
    tokens,
    z.array(tokens).min(1).max(MOST_INPUTS),
  ]),
  model: z.string().min(1).max(200).optional(),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.int().min(1).nullish(),
  user: z.string().nullish(),
});

/** `POST /v1/embeddings`: from the local model, whatever the request calls it; Groq hosts none. */
export function embeddingsRoute(embedder: Embedder, answers: OpenAnswers): Handler {
  return async (ctx) => {
    const params = parse(embeddingsSchema, ctx.state.json?.value());
    const { tally } = ctx.state.open ?? {};
    const request = { params, tally };
    const { servedBy, body, usage } = await embedder.embed(request, answers.signalFor(ctx.res));
    ctx.state.answer = { servedBy, usage: { ...usage, completion_tokens: 0 } };
    ctx.set('x-served-by', printable(servedBy));
    ctx.type = 'application/json; charset=utf-8';
    ctx.body = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  };
}
