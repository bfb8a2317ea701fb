import type { ChatEvent, Usage } from '../core/chat.ts';
import type { Admission, Limiter } from '../core/limiter.ts';
import type { Layer } from '../core/provider.ts';
import { usageOf } from '../core/usage.ts';

/**
 * Keeps the calls of one key within the provider's limits: room is reserved before a call and
 * settled after it. A model whose window is used up is passed by, as if its breaker were open.
 */
export function limit(limiter: Limiter): Layer {
  return (inner) => ({
    chat: async (request, signal) => {
      const admission = await limiter.admit(request);
      if (signal.aborted) {
        admission.unused();
        throw signal.reason;
      }
      try {
        const reply = await inner.chat(admission.request, signal);
        admission.answered(reply.headers);
        if (reply.kind === 'whole') admission.settled(reply.usage, 0);
        const told = admission.limits(reply.headers);
        const headers = { ...reply.headers, ...admission.headers, ...told };
        return reply.kind === 'whole'
          ? { ...reply, headers }
          : { ...reply, headers, events: settling(reply.events, admission) };
      } catch (error) {
        admission.failed(error);
        throw error;
      }
    },
  });
}

async function* settling(
  events: AsyncIterable<ChatEvent>,
  admission: Admission,
): AsyncGenerator<ChatEvent, void, void> {
  let usage: Usage | undefined;
  let pieces = 0;
  try {
    for await (const event of events) {
      pieces += 1;
      usage = usageOf(event.chunk) ?? usage;
      yield event;
    }
  } finally {
    admission.settled(usage, pieces);
  }
}
