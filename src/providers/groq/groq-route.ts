import type { ChatEvent, ChatRequest, Usage } from '../../core/chat.ts';
import type { Provider } from '../../core/provider.ts';
import type { Exchange } from './exchange.ts';
import { type Account, headOf, poster } from './post.ts';

/** How a route's requests and answers are written. */
type Shape = {
  readonly bodyOf: (request: ChatRequest) => Uint8Array | string;
  /** The events of a streamed answer, once it has begun. */
  readonly eventsOf: (
    answer: Exchange,
    model: string,
    signal: AbortSignal,
  ) => Promise<AsyncIterable<ChatEvent>>;
  /** A whole answer, checked. */
  readonly wholeOf: (
    answer: Exchange,
    model: string,
    signal: AbortSignal,
  ) => Promise<{ readonly bytes: Uint8Array; readonly usage: Usage | undefined }>;
};

/** One route of Groq's for one API key: one request, one attempt. The request names its model. */
export function groqRoute(account: Account, route: string, shape: Shape): Provider {
  const post = poster(account, route);
  return {
    chat: async (request, signal) => {
      const { model = '', stream } = request.params;
      const accept = stream ? 'text/event-stream' : 'application/json';
      const body = shape.bodyOf(request);
      const answer = await post({ body, accept, trace: request.span?.headers }, signal);
      const head = headOf(answer, model);
      if (stream) {
        return { ...head, kind: 'stream', events: await shape.eventsOf(answer, model, signal) };
      }
      const { bytes, usage } = await shape.wholeOf(answer, model, signal);
      return { ...head, kind: 'whole', body: bytes, usage };
    },
  };
}
