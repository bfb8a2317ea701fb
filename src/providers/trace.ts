import type { ChatEvent, ChatRequest } from '../core/chat.ts';
import { passing } from '../core/passing.ts';
import type { Layer, Reply, WholeReply } from '../core/provider.ts';
import { shownName } from '../core/shown-name.ts';
import type { Attributes, Span } from '../core/tracer.ts';
import { isUpload } from './groq/upload.ts';
import { outcomeOf } from './meter.ts';
import { answerSeen, type Seen } from './trace/seen.ts';

type Options = {
  /** As the metrics name it: `groq`, `local`. */
  readonly provider: string;
  /** Where it is; absent for the model on this machine. */
  readonly baseUrl?: string | undefined;
};

/**
 * A span for every attempt, as OpenTelemetry describes calls of generative models
 * (https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/). Sits around each provider,
 * below retry and rescue, so that each of their attempts is a child of the request's span.
 */
export function trace({ provider, baseUrl }: Options): Layer {
  const server = baseUrl === undefined ? {} : addressOf(baseUrl);
  const kind = baseUrl === undefined ? 'internal' : 'client';

  function begin(parent: Span, request: ChatRequest): Span {
    const attributes = requestAttributes(request, provider);
    const name = `${attributes['gen_ai.operation.name']} ${attributes['gen_ai.request.model'] ?? ''}`;
    return parent.child(kind, name.trimEnd(), { ...attributes, ...server });
  }

  return (inner) => ({
    chat: async (request, signal) => {
      if (!request.span) return inner.chat(request, signal);
      const span = begin(request.span, request);
      const asked = { ...request, span };
      if (!span.isRecording) return ended(span, inner.chat(asked, signal));
      const end: End = (said) => span.end({ ...fileModel(request), ...said });
      const since = performance.now();
      const seen = answerSeen();
      try {
        const reply = await inner.chat(asked, signal);
        const headSeconds = (performance.now() - since) / 1000;
        if (reply.kind === 'whole') return whole(reply, seen, end);
        const begun = { 'gen_ai.response.time_to_first_chunk': headSeconds };
        return { ...reply, events: watched(reply.events, seen, end, signal, begun) };
      } catch (error) {
        end(failure(error, signal));
        throw error;
      }
    },
  });
}

/** Nobody will read this span: it only says whose child the provider's own work is. */
function ended(span: Span, reply: Promise<Reply>): Promise<Reply> {
  span.end({});
  return reply;
}

type End = (said: Attributes) => void;

function whole(reply: WholeReply, seen: Seen, end: End): WholeReply {
  seen.body(reply.body);
  if (reply.usage) seen.usage(reply.usage);
  end({ ...seen.attributes(), 'keyturn.outcome': 'ok' });
  return reply;
}

function watched(
  events: AsyncIterable<ChatEvent>,
  seen: Seen,
  end: End,
  signal: AbortSignal,
  begun: Attributes,
): AsyncIterable<ChatEvent> {
  const outcomes = {
    done: () => ({ 'keyturn.outcome': 'ok' }),
    left: () => ({ 'keyturn.outcome': 'hung_up' }),
    failed: (error: unknown) => failure(error, signal),
  };
  return passing(events, {
    seen: ({ chunk }) => seen.chunk(chunk),
    ended: (how, error) => end({ ...begun, ...seen.attributes(), ...outcomes[how](error) }),
  });
}

/** A caller who hangs up is nobody's fault. */
function failure(error: unknown, signal: AbortSignal): Attributes {
  const outcome = outcomeOf(error, signal);
  if (outcome === 'hung_up') return { 'keyturn.outcome': outcome };
  return { 'keyturn.outcome': outcome, 'error.type': outcome };
}

function requestAttributes(request: ChatRequest, provider: string): Attributes {
  const { params, rescue } = request;
  const number = (name: string) => (typeof params[name] === 'number' ? params[name] : undefined);
  const file = isUpload(request) ? request.relayed : undefined;
  const model = file ? file.model() : params.model;
  return {
    'gen_ai.operation.name': file ? file.path.slice(file.path.lastIndexOf('/') + 1) : 'chat',
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': model && shownName(model.replace(/^local\//, '')),
    'gen_ai.request.stream': file ? undefined : params.stream === true,
    'gen_ai.request.max_tokens': number('max_completion_tokens') ?? number('max_tokens'),
    'gen_ai.request.temperature': number('temperature'),
    'gen_ai.request.top_p': number('top_p'),
    'gen_ai.request.seed': number('seed'),
    'keyturn.rescue': rescue,
  };
}

/** A form names its model somewhere among its fields, which come while it is sent. */
function fileModel(request: ChatRequest): Attributes {
  const model = isUpload(request) ? request.relayed.model() : undefined;
  return model === undefined ? {} : { 'gen_ai.request.model': shownName(model) };
}

function addressOf(baseUrl: string): Attributes {
  const { hostname, port, protocol } = new URL(baseUrl);
  const known = protocol === 'https:' ? 443 : 80;
  return { 'server.address': hostname, 'server.port': port === '' ? known : Number(port) };
}
