import type { ChatEvent, ChatRequest } from '../../core/chat.ts';
import type { Provider, Reply, WholeReply } from '../../core/provider.ts';
import type { Exchange } from './exchange.ts';
import { type Account, limitsIn, poster } from './post.ts';
import { receive, type WholeAnswer } from './read-whole.ts';

/** How a route's requests and answers are written. */
type Shape = {
  readonly bodyOf: (request: ChatRequest) => Uint8Array | string;
  /** The events of a streamed answer, once it has begun. */
  readonly eventsOf: (
    answer: Exchange,
    request: ChatRequest,
    signal: AbortSignal,
  ) => Promise<AsyncIterable<ChatEvent>>;
  /** A whole answer, checked. */
  readonly wholeOf: (bytes: Buffer, model: string) => WholeAnswer;
};

/** One route of Groq's for one API key: one request, one attempt. The request names its model. */
export function groqRoute(account: Account, route: string, shape: Shape): Provider {
  const post = poster(account, route);

  function whole(answer: Exchange, model: string, bytes: Buffer): WholeReply {
    const { body, usage } = shape.wholeOf(bytes, model);
    const { servedBy, trail, headers } = headOf(answer, model);
    return { kind: 'whole', servedBy, trail, headers, body, usage };
  }

  async function stream(answer: Exchange, request: ChatRequest, signal: AbortSignal) {
    const events = await shape.eventsOf(answer, request, signal);
    const { model = '' } = request.params;
    return { kind: 'stream' as const, ...headOf(answer, model), events };
  }

  return {
    chat: (request, signal) => {
      const { model = '', stream: isStream } = request.params;
      const accept = isStream ? 'text/event-stream' : 'application/json';
      const letter = { body: shape.bodyOf(request), accept, trace: request.span?.headers };
      return post(letter, signal).then((answer): Reply | Promise<Reply> => {
        if (isStream) return stream(answer, request, signal);
        const bytes = receive(answer, signal);
        if (!(bytes instanceof Promise)) return whole(answer, model, bytes);
        return bytes.then((received) => whole(answer, model, received));
      });
    },
  };
}

function headOf({ headers }: Exchange, model: string) {
  return { servedBy: `groq/${model}`, trail: [], headers: limitsIn(headers) };
}
