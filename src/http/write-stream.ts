import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { AttemptError } from '../core/attempt.ts';
import type { ApiError } from '../core/errors.ts';
import type { Reply, StreamReply } from '../core/provider.ts';
import { formatTrail, printable } from '../core/trail.ts';
import { usageOf } from '../core/usage.ts';
import { answerHeaders } from './answer-headers.ts';
import { forCaller } from './middleware/error-envelope.ts';
import type { Context } from './state.ts';

/** While nothing else is sent, a comment this often keeps the caller's connection from timing out. */
const PING_MS = 5_000;
const PING = ': waiting\n\n';

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  // nginx and its kin would hold events back.
  'x-accel-buffering': 'no',
};

/**
 * Answers with server-sent events. The head leaves when the answer has begun; a request that waits
 * longer than `earlyHeadersMs` gets its head and comment pings, and learns who answered from a
 * comment.
 *
 * @throws whatever the provider threw, as long as no head has left.
 */
export async function writeStream(
  ctx: Context,
  pending: Promise<Reply>,
  signal: AbortSignal,
  earlyHeadersMs: number,
): Promise<void> {
  const { res } = ctx;
  const begun = await settledWithin(pending, earlyHeadersMs);
  if (begun) {
    const reply = await pending;
    if (reply.kind !== 'stream') throw new Error('a whole reply to a stream');
    ctx.set(answerHeaders(reply));
    writeHead(ctx);
    return writeEvents(ctx, reply, signal);
  }
  writeHead(ctx);
  res.write(PING);
  const pings = pingInSilence(res);
  try {
    const reply = await pending;
    clearInterval(pings);
    if (reply.kind !== 'stream') throw new Error('a whole reply to a stream');
    res.write(`: served-by ${printable(reply.servedBy)}\n\n`);
    await writeEvents(ctx, reply, signal);
  } catch (error) {
    clearInterval(pings);
    if (signal.aborted) return;
    const answer = forCaller(error);
    writeTrail(ctx, answer.trail);
    endWithError(ctx, answer);
  }
}

async function settledWithin(pending: Promise<Reply>, ms: number): Promise<boolean> {
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
  ctx.set(STREAM_HEADERS);
  ctx.res.statusCode = 200;
  ctx.res.flushHeaders();
}

/** Pings after every silence of `PING_MS`; `refresh` begins it anew. */
function pingInSilence(response: ServerResponse): NodeJS.Timeout {
  return setInterval(() => {
    if (!response.writableNeedDrain) response.write(PING);
  }, PING_MS);
}

async function writeEvents(ctx: Context, reply: StreamReply, signal: AbortSignal): Promise<void> {
  const { res } = ctx;
  const answer = { ...ctx.state.answer, servedBy: reply.servedBy, trail: reply.trail };
  ctx.state.answer = answer;
  const pings = pingInSilence(res);
  try {
    for await (const { raw, chunk } of reply.events) {
      const usage = usageOf(chunk);
      if (usage) ctx.state.answer.usage = usage;
      if (!res.write(raw)) await once(res, 'drain', { signal });
      pings.refresh();
    }
    const { servedBy, trail } = reply.ending?.() ?? reply;
    ctx.state.answer = { ...ctx.state.answer, servedBy };
    writeTrail(ctx, trail, servedBy);
    res.end('data: [DONE]\n\n');
  } catch (error) {
    if (signal.aborted) return;
    const { trail } = reply.ending?.() ?? reply;
    writeTrail(ctx, trail);
    endWithError(ctx, error instanceof AttemptError ? error.answer : forCaller(error));
  } finally {
    clearInterval(pings);
  }
}

/** Who was tried, as a comment: the head has left. */
function writeTrail(ctx: Context, trail: Reply['trail'], servedBy?: string): void {
  ctx.state.answer = { ...ctx.state.answer, trail };
  if (trail.length > 0) ctx.res.write(`: x-fallback-trail ${formatTrail(trail, servedBy)}\n\n`);
}

/** A stream that can't be finished says so, and has no `[DONE]`. */
function endWithError(ctx: Context, error: ApiError): void {
  ctx.state.answer = { ...ctx.state.answer, broken: error.code };
  ctx.res.end(`event: error\ndata: ${JSON.stringify({ error: error.body })}\n\n`);
}
