import { type ChatEvent, hasBegun } from '../../core/chat.ts';
import type { Provider, StreamReply, WholeReply } from '../../core/provider.ts';
import type { Exchange } from './exchange.ts';
import { garbage } from './faults.ts';
import { type Account, headOf, poster } from './post.ts';
import { readStream } from './read-stream.ts';
import { readWhole } from './read-whole.ts';
import { type RequestDefaults, requestBody } from './request-body.ts';
import { resumed } from './resumed.ts';

export type GroqOptions = Account & {
  readonly defaults: RequestDefaults;
  /** Told of an event in a stream that was no JSON and was left out. */
  readonly onMalformed: (model: string) => void;
};

/** Events before the answer begins that are held back; more is no answer. */
const MAX_HELD_EVENTS = 1_000;

/** Groq's chat completions for one API key: one request, one attempt. The request names its model. */
export function groq(options: GroqOptions): Provider {
  const post = poster(options, '/chat/completions');
  return {
    chat: async (request, signal) => {
      const model = request.params.model ?? '';
      const accept = request.params.stream ? 'text/event-stream' : 'application/json';
      const body = requestBody(request, options.defaults);
      const answer = await post({ body, accept, trace: request.span?.headers }, signal);
      return request.params.stream
        ? streamReply(answer, model, signal)
        : wholeReply(answer, model, signal);
    },
  };

  async function streamReply(
    answer: Exchange,
    model: string,
    signal: AbortSignal,
  ): Promise<StreamReply> {
    const events = readStream(answer, signal, { onMalformed: () => options.onMalformed(model) });
    const held: ChatEvent[] = [];
    for (;;) {
      const { value: event, done } = await events.next();
      if (done) throw garbage(new Error('an answer without a beginning'));
      held.push(event);
      if (hasBegun(event.chunk)) break;
      if (held.length > MAX_HELD_EVENTS) {
        await events.return();
        throw garbage(new Error('a stream of events without content'));
      }
    }
    return { ...headOf(answer, model), kind: 'stream', events: resumed(held, events) };
  }

  async function wholeReply(
    answer: Exchange,
    model: string,
    signal: AbortSignal,
  ): Promise<WholeReply> {
    const { bytes, usage } = await readWhole(answer, model, signal);
    return { ...headOf(answer, model), kind: 'whole', body: bytes, usage };
  }
}
