import type { ChatEvent, Usage } from '../core/chat.ts';
import type { Admission, Limiter } from '../core/limiter.ts';
import { passing } from '../core/passing.ts';
import { type Layer, type Reply, withHeaders } from '../core/provider.ts';
import { usageOf } from '../core/usage.ts';

/**
 * Keeps the calls of one key within the provider's limits: room is reserved before a call and
 * settled after it. A model whose window is used up is passed by, as if its breaker were open.
 */
export function limit(limiter: Limiter): Layer {
  return (inner) => {
    function ask(admission: Admission, signal: AbortSignal): Promise<Reply> {
      if (signal.aborted) {
        admission.unused();
        return Promise.reject(signal.reason);
      }
      return inner.chat(admission.request, signal).then(
        (reply) => told(reply, admission),
        (error) => {
          admission.failed(error);
          throw error;
        },
      );
    }
    return {
      chat: (request, signal) => {
        try {
          const admission = limiter.admit(request);
          if (!(admission instanceof Promise)) return ask(admission, signal);
          return admission.then((admitted) => ask(admitted, signal));
        } catch (refusal) {
          return Promise.reject(refusal);
        }
      },
    };
  };
}

/** The reply, counted, with what the caller is told of the limits. */
function told(reply: Reply, admission: Admission): Reply {
  admission.answered(reply.headers);
  if (reply.kind === 'whole') admission.settled(reply.usage, 0);
  const headers = admission.limits(reply.headers);
  return reply.kind === 'whole'
    ? withHeaders(reply, headers)
    : { ...withHeaders(reply, headers), events: settling(reply.events, admission) };
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
