import type { ChatEvent, Usage } from '../core/chat.ts';
import type { Admission, Limiter } from '../core/limiter.ts';
import { passing } from '../core/passing.ts';
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

function settling(
  events: AsyncIterable<ChatEvent>,
  admission: Admission,
): AsyncIterable<ChatEvent> {
  let usage: Usage | undefined;
  let pieces = 0;
  return passing(events, {
    seen: ({ chunk }) => {
      pieces += 1;
      usage = usageOf(chunk) ?? usage;
    },
    ended: () => admission.settled(usage, pieces),
  });
}
