import type { ChatRequest } from '../../core/chat.ts';
import type { Provider, StreamReply, WholeReply } from '../../core/provider.ts';
import type { Exchange } from './exchange.ts';
import { cut, garbage, inband } from './faults.ts';
import { type Account, headOf, poster } from './post.ts';
import { chatUsage, type ResponseEvent, readResponses } from './read-responses.ts';
import { isObject, readBody } from './read-whole.ts';
import type { RequestDefaults } from './request-body.ts';
import { resumed } from './resumed.ts';

type Options = Account & {
  readonly defaults: RequestDefaults;
  /** Told of an event in a stream that was no JSON and was left out. */
  readonly onMalformed: (model: string) => void;
};

/** Hints that Groq refuses and that don't touch the answer. */
const HINTS: readonly string[] = [
  'prompt_cache_key',
  'prompt_cache_retention',
  'safety_identifier',
];

const MAX_HELD_EVENTS = 1_000;

/**
 * Groq's Responses API for one API key: one request, one attempt. The request's params are the
 * API's own body (beside `messages`, which is empty), and so are the reply's bytes and events.
 */
export function groqResponses(options: Options): Provider {
  const post = poster(options, '/responses');
  return {
    chat: async (request, signal) => {
      const model = request.params.model ?? '';
      const accept = request.params.stream ? 'text/event-stream' : 'application/json';
      const body = responsesBody(request, options.defaults);
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
    const events = readResponses(answer, signal, { onMalformed: () => options.onMalformed(model) });
    const held: ResponseEvent[] = [];
    for (;;) {
      const { value: event, done } = await events.next();
      if (done) throw garbage(new Error('a response without a beginning'));
      held.push(event);
      if (event.kind !== 'opening') break;
      if (held.length > MAX_HELD_EVENTS) {
        await events.return();
        throw garbage(new Error('a stream of events without content'));
      }
    }
    return { ...headOf(answer, model), kind: 'stream', events: resumed(held, events) };
  }
}

/** The caller's own bytes wherever nothing has to be added or left out. */
function responsesBody(
  { params, body }: ChatRequest,
  { temperature, maxTokens }: RequestDefaults,
): Uint8Array | string {
  const { messages: _, ...fields } = params;
  const added = {
    ...(temperature !== undefined && fields['temperature'] === undefined ? { temperature } : {}),
    ...(maxTokens !== undefined && fields['max_output_tokens'] === undefined
      ? { max_output_tokens: maxTokens }
      : {}),
  };
  const kept = Object.entries(fields).filter(([name, value]) => !isRefusedHint(name, value));
  const isSame = kept.length === Object.keys(fields).length && Object.keys(added).length === 0;
  return body && isSame ? body : JSON.stringify({ ...Object.fromEntries(kept), ...added });
}

function isRefusedHint(name: string, value: unknown): boolean {
  if (name === 'include') {
    return Array.isArray(value) && value.every((item) => item === 'reasoning.encrypted_content');
  }
  return HINTS.includes(name) || value === null;
}

async function wholeReply(
  answer: Exchange,
  model: string,
  signal: AbortSignal,
): Promise<WholeReply> {
  const body = await readBody(answer).catch((error) => {
    throw signal.aborted ? signal.reason : cut(error);
  });
  const response = parseJson(body);
  if (!isObject(response)) throw garbage(new Error('no response'));
  if (response['status'] === 'failed' || response['error']) {
    throw inband(new Error('a failed response in a 200'));
  }
  if (!Array.isArray(response['output'])) throw garbage(new Error('a response without output'));
  const usage = chatUsage(response['usage']);
  return { ...headOf(answer, model), kind: 'whole', body, usage };
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
