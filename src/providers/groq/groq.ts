import type { Dispatcher } from 'undici';
import type { AttemptError } from '../../core/attempt.ts';
import { type ChatEvent, type ChatRequest, hasBegun } from '../../core/chat.ts';
import type { Provider, StreamReply, WholeReply } from '../../core/provider.ts';
import { type Exchange, exchange } from './exchange.ts';
import { connectionFault, garbage } from './faults.ts';
import { outcomeOf } from './outcome.ts';
import { readStream } from './read-stream.ts';
import { isObject, readBody, readWhole } from './read-whole.ts';
import { type RequestDefaults, requestBody } from './request-body.ts';

export type GroqOptions = {
  readonly apiKey: string;
  /** Without a slash at its end: `https://api.groq.com/openai/v1`. */
  readonly baseUrl: string;
  readonly dispatcher: Dispatcher;
  readonly defaults: RequestDefaults;
  /** Told of an event in a stream that was no JSON and was left out. */
  readonly onMalformed: (model: string) => void;
  /** Told of the headers of every answer: they hold the limits. */
  readonly onHeaders?: (model: string, headers: Readonly<Record<string, string>>) => void;
};

/** An error body is read no further than this. */
const MAX_ERROR_BYTES = 64 * 1024;

/** Events before the answer begins that are held back; more is no answer. */
const MAX_HELD_EVENTS = 1_000;

/** Groq's chat completions for one API key: one request, one attempt. The request names its model. */
export function groq(options: GroqOptions): Provider {
  const { origin, pathname } = new URL(options.baseUrl);
  const path = `${pathname.replace(/\/$/, '')}/chat/completions`;
  return {
    chat: async (request, signal) => {
      const model = request.params.model ?? '';
      const answer = await send(request, signal);
      options.onHeaders?.(model, answer.headers);
      if (answer.status !== 200) throw await refusal(answer, signal);
      return request.params.stream
        ? streamReply(answer, model, signal)
        : wholeReply(answer, model, signal);
    },
  };

  async function send(request: ChatRequest, signal: AbortSignal): Promise<Exchange> {
    const headers = {
      authorization: `Bearer ${options.apiKey}`,
      'content-type': 'application/json',
      accept: request.params.stream ? 'text/event-stream' : 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'keyturn',
    };
    const body = requestBody(request, options.defaults);
    try {
      const outgoing = { origin, path, method: 'POST', headers, body } as const;
      return await exchange(options.dispatcher, outgoing, signal);
    } catch (error) {
      throw signal.aborted ? signal.reason : connectionFault(error);
    }
  }

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
    return { ...head(answer, model), kind: 'stream', events: resumed(held, events) };
  }

  async function wholeReply(
    answer: Exchange,
    model: string,
    signal: AbortSignal,
  ): Promise<WholeReply> {
    const { bytes, usage } = await readWhole(answer, signal);
    return { ...head(answer, model), kind: 'whole', body: bytes, usage };
  }
}

function head({ headers }: Exchange, model: string) {
  const limits = Object.entries(headers).filter(([name]) => name.startsWith('x-ratelimit-'));
  return { servedBy: `groq/${model}`, trail: [], headers: Object.fromEntries(limits) };
}

async function* resumed(
  held: readonly ChatEvent[],
  rest: AsyncGenerator<ChatEvent, void, void>,
): AsyncGenerator<ChatEvent, void, void> {
  try {
    yield* held;
    yield* rest;
  } finally {
    await rest.return();
  }
}

async function refusal(answer: Exchange, signal: AbortSignal): Promise<AttemptError> {
  const { status, headers } = answer;
  try {
    const parsed: unknown = JSON.parse((await readBody(answer, MAX_ERROR_BYTES)).toString('utf8'));
    const error = isObject(parsed) && isObject(parsed['error']) ? parsed['error'] : undefined;
    return outcomeOf({ status, headers, error });
  } catch {
    if (signal.aborted) throw signal.reason;
    return outcomeOf({ status, headers, error: undefined });
  }
}
