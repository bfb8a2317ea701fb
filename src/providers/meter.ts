import { AttemptError } from '../core/attempt.ts';
import type { ChatEvent, ChatRequest, Usage } from '../core/chat.ts';
import { ApiError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { passing } from '../core/passing.ts';
import type { Layer, WholeReply } from '../core/provider.ts';
import { isRelayed } from '../core/relay.ts';
import { estimateSaidTokens } from '../core/said-tokens.ts';
import type { AttemptRecord } from '../core/tally.ts';
import { estimatePromptTokens, estimateValueTokens } from '../core/token-estimate.ts';
import { usageOf } from '../core/usage.ts';

type Options = {
  /** Who is asked, as `x-served-by` names it. */
  readonly nameOf: (request: ChatRequest) => string;
  readonly onAttempt: (record: AttemptRecord) => void;
  readonly now?: () => number;
};

/** Sits around each provider and counts every attempt, whatever becomes of it. */
export function meter({ nameOf, onAttempt, now = () => performance.now() }: Options): Layer {
  return (inner) => ({
    chat: (request, signal) => {
      const since = now();
      const tell = request.tally?.begin();
      let firstTokenMs: number | undefined;
      const end = (outcome: AttemptRecord['outcome'], { usage, isEstimated }: Took) => {
        const [provider, ms] = [nameOf(request), now() - since];
        const record = { provider, outcome, usage, isEstimated, ms, firstTokenMs };
        onAttempt(record);
        tell?.(record);
      };
      return inner.chat(request, signal).then(
        (reply) => {
          firstTokenMs = now() - since;
          if (reply.kind === 'stream') {
            return { ...reply, events: counted(reply.events, request, signal, end) };
          }
          end('ok', tookOf(reply, request));
          return reply;
        },
        (error) => {
          end(outcomeOf(error, signal), NOTHING);
          throw error;
        },
      );
    },
  });
}

type Took = Pick<AttemptRecord, 'usage' | 'isEstimated'>;

const NOTHING: Took = { usage: undefined, isEstimated: false };

function counted(
  events: AsyncIterable<ChatEvent>,
  request: ChatRequest,
  signal: AbortSignal,
  end: (outcome: AttemptRecord['outcome'], took: Took) => void,
): AsyncIterable<ChatEvent> {
  let usage: Usage | undefined;
  let pieces = 0;
  return passing(events, {
    seen: ({ chunk }) => {
      usage = usageOf(chunk) ?? usage;
      if (chunk.choices.length > 0) pieces += 1;
    },
    ended: (how, error) => {
      const early = how === 'left' ? 'hung_up' : outcomeOf(error, signal);
      end(how === 'done' ? 'ok' : early, usage ? exactly(usage) : estimated(request, pieces));
    },
  });
}

function exactly(usage: Usage): Took {
  return { usage, isEstimated: false };
}

function tookOf({ usage, body }: WholeReply, request: ChatRequest): Took {
  if (usage) return exactly(usage);
  if (isRelayed(request)) return NOTHING;
  const answer: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
  const isChat = isObject(answer) && Array.isArray(answer['choices']);
  return estimated(request, isChat ? estimateSaidTokens(answer) : body.length / 4);
}

/** A file that was transcribed takes no tokens. */
function estimated(request: ChatRequest, completion: number): Took {
  if (isRelayed(request)) return NOTHING;
  const { params } = request;
  const others = [params['instructions'], params['input']];
  const prompt = others.reduce<number>(
    (sum, value) => sum + estimateValueTokens(value ?? undefined),
    estimatePromptTokens(params),
  );
  const pieces = Math.ceil(completion);
  return {
    usage: { prompt_tokens: prompt, completion_tokens: pieces, total_tokens: prompt + pieces },
    isEstimated: true,
  };
}

/** How a call ended that threw. */
export function outcomeOf(error: unknown, signal: AbortSignal): AttemptRecord['outcome'] {
  if (error instanceof AttemptError) return error.attemptCause;
  if (signal.aborted) return 'hung_up';
  return error instanceof ApiError ? `${error.status}` : 'error';
}
