import { type ChatRequest, LIMIT_FIELDS } from '../core/chat.ts';
import { isRelayed } from '../core/relay.ts';
import { promptBound } from './prompt-bound.ts';

/** How many tokens a call may take, and the request that keeps it there. */
export type TokenPlan = {
  readonly prompt: number;
  /** Reserved before the call: the prompt's bound and what the answer may take. */
  readonly tokens: number;
  readonly request: ChatRequest;
  /** What the caller is told of a changed `max_tokens`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
};

type Options = {
  /** The smaller limit of minute and day; infinite where none is known. */
  readonly limit: number;
  /** What is left of it now. */
  readonly room: number;
  /** What the server asks for where the caller doesn't. */
  readonly defaultMaxTokens: number | undefined;
  /** By how much earlier prompts of this model outgrew their bound. */
  readonly factor: number;
};

/** No model that Groq hosts writes more than this. */
const LONGEST_ANSWER = 65_536;

/** Reserved for an answer without a limit of its own, as long as the window is far from full. */
const USUAL_ANSWER = 4_096;

/** A request without a limit of its own gets at least this, or this share of a minute. */
const SHORTEST_GRANT = 512;
const SHORTEST_SHARE = 0.05;

/** Groq's own bound on bytes a token: no token is shorter than one byte. */
const FAR_FROM_FULL = 8;

/**
 * Plans the tokens of a call. `max_tokens` is lowered where it alone would break the limit; where it
 * is missing and the window isn't far from full, it is set to half of what is left, so that a
 * single call neither overdraws the window nor locks everybody else out of it.
 */
export function planTokens(request: ChatRequest, options: Options): TokenPlan {
  const { limit, room, defaultMaxTokens } = options;
  if (limit === Number.POSITIVE_INFINITY || isRelayed(request)) {
    return { prompt: 0, tokens: 0, request };
  }
  const asked = askedTokens(request) ?? defaultMaxTokens;
  const prompt = boundOf(request, asked, options);
  if (asked !== undefined) {
    if (prompt + asked <= limit) return { prompt, tokens: prompt + asked, request };
    const lowered = Math.min(limit - prompt, Math.max(room - prompt, Math.floor(limit / 4)));
    if (lowered < 1) return { prompt, tokens: prompt + asked, request };
    return granted(request, prompt, lowered, 'x-max-tokens-clamped');
  }
  if (room - prompt >= LONGEST_ANSWER) {
    return { prompt, tokens: prompt + USUAL_ANSWER, request };
  }
  const least = Math.min(SHORTEST_GRANT, Math.ceil(limit * SHORTEST_SHARE));
  return granted(request, prompt, Math.max(least, Math.floor((room - prompt) / 2)), 'x-max-tokens');
}

function askedTokens({ params }: ChatRequest): number | undefined {
  for (const name of LIMIT_FIELDS) {
    const asked = params[name];
    if (typeof asked === 'number') return asked;
  }
  return undefined;
}

/** Scanning the text is spared where even one token a byte would leave the window far from full. */
function boundOf(
  { params, body }: ChatRequest,
  asked: number | undefined,
  { room, factor }: Options,
): number {
  const bytes = body?.length;
  if (bytes !== undefined && (bytes + (asked ?? LONGEST_ANSWER)) * FAR_FROM_FULL <= room) {
    return bytes;
  }
  return Math.ceil(promptBound(params) * factor);
}

function granted(
  request: ChatRequest,
  prompt: number,
  maxTokens: number,
  header: string,
): TokenPlan {
  const { params } = request;
  const isChat = params.messages.length > 0;
  const given = LIMIT_FIELDS.find((name) => name in params && params[name] !== null);
  const field = given ?? (isChat ? 'max_completion_tokens' : 'max_output_tokens');
  return {
    prompt,
    tokens: prompt + maxTokens,
    request: { ...request, params: { ...params, [field]: maxTokens }, body: undefined },
    headers: { [header]: String(maxTokens) },
  };
}
