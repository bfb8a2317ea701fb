import type { ChatEvent, Usage } from '../core/chat.ts';
import type { ApiError } from '../core/errors.ts';
import type { Reply } from '../core/provider.ts';
import { usageOf } from '../core/usage.ts';
import type { Context } from './state.ts';
import { type ShownStream, writeEvents } from './write-events.ts';

const PING = ': waiting\n\n';
const DONE = 'data: [DONE]\n\n';

/** Answers with OpenAI's events: each with its own bytes, `[DONE]` only after a whole answer. */
export function writeChatStream(
  ctx: Context,
  pending: Promise<Reply>,
  signal: AbortSignal,
  earlyHeadersMs: number,
): Promise<void> {
  const options = { signal, earlyHeadersMs, ping: PING, failure, closing: DONE };
  return writeEvents(ctx, pending.then(shown), options);
}

function shown(reply: Reply): ShownStream<ChatEvent> {
  if (reply.kind !== 'stream') throw new Error('a whole reply to a stream');
  let usage: Usage | undefined;
  return {
    reply,
    events: reply.events,
    bytesOf: ({ raw, chunk }) => {
      usage = usageOf(chunk) ?? usage;
      return raw;
    },
    usage: () => usage,
  };
}

function failure(error: ApiError): string {
  return `event: error\ndata: ${JSON.stringify({ error: error.body })}\n\n`;
}
