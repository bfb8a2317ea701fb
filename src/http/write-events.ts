import type { ServerResponse } from 'node:http';
import { AttemptError } from '../core/attempt.ts';
import type { Usage } from '../core/chat.ts';
import type { ApiError } from '../core/errors.ts';
import type { Reply, StreamReply } from '../core/provider.ts';
import { formatTrail, printable } from '../core/trail.ts';
import { setAnswerHeaders, setHeaders } from './answer-headers.ts';
import { forCaller } from './middleware/error-envelope.ts';
import type { Context } from './state.ts';
import { written } from './written.ts';

/** A streamed reply, and its events in the form in which an API's clients read them. */
export type ShownStream<T> = {
  readonly reply: StreamReply;
  readonly events: AsyncIterable<T>;
  readonly bytesOf: (event: T) => Uint8Array | string;
  /** For the access log, once the events are through. */
  readonly usage: () => Usage | undefined;
};

type Options = {
  readonly signal: AbortSignal;
  /** A stream that waits longer than this gets its head and pings. */
  readonly earlyHeadersMs: number;
  /** Keeps the caller's connection from timing out while nothing else is sent. */
  readonly ping: string;
  /** The event that ends a stream which can't be finished. */
  readonly failure: (error: ApiError) => string;
  /** What ends a stream that was finished. */
  readonly closing?: string;
};

const PING_MS = 5_000;

/** What every event stream is sent with. */
export const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  // nginx and its kin would hold events back.
  'x-accel-buffering': 'no',
};

/**
 * Answers with server-sent events. The head leaves when the answer has begun; a request that waits
 * longer than `earlyHeadersMs` gets its head and pings, and learns who answered from a comment.
 *
 * @throws whatever the provider threw, as long as no head has left.
 */
export async function writeEvents<T>(
  ctx: Context,
  pending: Promise<ShownStream<T>>,
  options: Options,
): Promise<void> {
  const { res } = ctx;
  if (await settledWithin(pending, options.earlyHeadersMs)) {
    const shown = await pending;
    setAnswerHeaders(res, shown.reply);
    writeHead(ctx);
    return forward(ctx, shown, options);
  }
  writeHead(ctx);
  res.write(options.ping);
  const pings = pingInSilence(res, options);
  try {
    const shown = await pending.finally(() => clearInterval(pings));
    res.write(`: served-by ${printable(shown.reply.servedBy)}\n\n`);
    await forward(ctx, shown, options);
  } catch (error) {
    if (!res.destroyed) endWithFailure(ctx, error, forCaller(error).trail, options);
  }
}

async function forward<T>(
  ctx: Context,
  { reply, events, bytesOf, usage }: ShownStream<T>,
  options: Options,
): Promise<void> {
  const { res } = ctx;
  const { signal, closing } = options;
  ctx.state.answer = { ...ctx.state.answer, servedBy: reply.servedBy, trail: reply.trail };
  const pings = pingInSilence(res, options);
  try {
    const told = (event: T) => {
      pings.refresh();
      return bytesOf(event);
    };
    await written(res, events, told, signal);
    const { servedBy, trail } = reply.ending?.() ?? reply;
    ctx.state.answer = { ...ctx.state.answer, servedBy, usage: usage() };
    writeTrail(ctx, trail, servedBy);
    res.end(closing);
  } catch (error) {
    ctx.state.answer = { ...ctx.state.answer, usage: usage() };
    if (!res.destroyed) endWithFailure(ctx, error, trailAfter(error, reply), options);
  } finally {
    clearInterval(pings);
  }
}

/** Whom a stream that broke off has taken: also who wrote it last, where nobody was asked after that. */
function trailAfter(error: unknown, reply: StreamReply): Reply['trail'] {
  const { servedBy, trail } = reply.ending?.() ?? reply;
  const isKnown = trail.some(({ provider }) => provider === servedBy);
  if (isKnown || !(error instanceof AttemptError)) return trail;
  return [...trail, { provider: servedBy, cause: error.attemptCause }];
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

function writeHead(ctx: Context): void {
  ctx.respond = false;
  setHeaders(ctx.res, STREAM_HEADERS);
  ctx.res.statusCode = 200;
  ctx.state.headAt = performance.now();
  ctx.res.flushHeaders();
}

/** Pings after every silence of `PING_MS`; `refresh` begins it anew. */
function pingInSilence(response: ServerResponse, { ping }: Options): NodeJS.Timeout {
  return setInterval(() => {
    if (!response.writableNeedDrain) response.write(ping);
  }, PING_MS);
}

/** Who was tried, as a comment: the head has left. */
function writeTrail(ctx: Context, trail: Reply['trail'], servedBy?: string): void {
  ctx.state.answer = { ...ctx.state.answer, trail };
  if (trail.length > 0) ctx.res.write(`: x-fallback-trail ${formatTrail(trail, servedBy)}\n\n`);
}

/** A stream that can't be finished says so, and nothing makes it look whole. */
function endWithFailure(
  ctx: Context,
  error: unknown,
  trail: Reply['trail'],
  { failure }: Options,
): void {
  const answer = forCaller(error);
  if (answer.code === 'internal_error') ctx.app.emit('error', error, ctx);
  writeTrail(ctx, trail);
  ctx.state.answer = { ...ctx.state.answer, broken: answer.code };
  ctx.res.end(failure(answer));
}
