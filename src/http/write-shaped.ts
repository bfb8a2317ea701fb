import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { AttemptError } from '../core/attempt.ts';
import type { Usage } from '../core/chat.ts';
import type { ApiError } from '../core/errors.ts';
import type { StreamReply } from '../core/provider.ts';
import { formatTrail } from '../core/trail.ts';
import { answerHeaders } from './answer-headers.ts';
import { forCaller } from './middleware/error-envelope.ts';
import type { Context } from './state.ts';

/** A streamed reply, and its events in the form in which this API's clients read them. */
export type ShapedStream = {
  readonly reply: StreamReply;
  readonly events: AsyncIterable<Uint8Array | string>;
  /** For the access log, once the events are through. */
  readonly usage: () => Usage | undefined;
};

type Options = {
  readonly signal: AbortSignal;
  readonly earlyHeadersMs: number;
  /** Sent while a stream waits after its head. */
  readonly ping: string;
  /** The event that ends a stream which can't be finished. */
  readonly failure: (error: ApiError) => string;
};

const PING_MS = 5_000;

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  // nginx and its kin would hold events back.
  'x-accel-buffering': 'no',
};

/**
 * Answers with server-sent events in another API's shape: no `[DONE]`, its own pings and failures.
 * The head leaves as in a chat: when the answer has begun, or after `earlyHeadersMs`.
 *
 * @throws whatever the provider threw, as long as no head has left.
 */
export async function writeShaped(
  ctx: Context,
  pending: Promise<ShapedStream>,
  options: Options,
): Promise<void> {
  const { res } = ctx;
  if (await settledWithin(pending, options.earlyHeadersMs)) {
    const shaped = await pending;
    ctx.set(answerHeaders(shaped.reply));
    writeHead(ctx);
    return writeEvents(ctx, shaped, options);
  }
  writeHead(ctx);
  res.write(options.ping);
  const pings = setInterval(() => res.write(options.ping), PING_MS);
  try {
    const shaped = await pending.finally(() => clearInterval(pings));
    await writeEvents(ctx, shaped, options);
  } catch (error) {
    if (!options.signal.aborted) endWithFailure(ctx, forCaller(error), options);
  }
}

async function writeEvents(
  ctx: Context,
  { reply, events, usage }: ShapedStream,
  options: Options,
): Promise<void> {
  const { signal } = options;
  const { servedBy, trail } = reply;
  ctx.state.answer = { ...ctx.state.answer, servedBy, trail };
  try {
    for await (const event of events) await write(ctx.res, event, signal);
    const ending = reply.ending?.() ?? { servedBy, trail };
    ctx.state.answer = { ...ctx.state.answer, ...ending, usage: usage() };
    const told = formatTrail(ending.trail, ending.servedBy);
    ctx.res.end(ending.trail.length > 0 ? `: x-fallback-trail ${told}\n\n` : undefined);
  } catch (error) {
    if (signal.aborted) return;
    const answer = error instanceof AttemptError ? error.answer : forCaller(error);
    endWithFailure(ctx, answer, options);
  }
}

/** Waits for a slow reader. */
async function write(
  response: ServerResponse,
  bytes: Uint8Array | string,
  signal: AbortSignal,
): Promise<void> {
  if (!response.write(bytes)) await once(response, 'drain', { signal });
}

function writeHead(ctx: Context): void {
  ctx.respond = false;
  ctx.set(STREAM_HEADERS);
  ctx.res.statusCode = 200;
  ctx.res.flushHeaders();
}

function endWithFailure(ctx: Context, error: ApiError, { failure }: Options): void {
  ctx.state.answer = { ...ctx.state.answer, broken: error.code };
  ctx.res.end(failure(error));
}

async function settledWithin(pending: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const settled = pending.then(
    () => true,
    () => true,
  );
  const first = await Promise.race([settled, late]);
  clearTimeout(timer);
  return first;
}
