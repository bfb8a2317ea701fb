import type { Dispatcher } from 'undici';
import type { AttemptError } from '../../core/attempt.ts';
import { isObject, parseJson } from '../../core/json.ts';
import { type Exchange, exchange, type Outgoing } from './exchange.ts';
import { connectionFault } from './faults.ts';
import { outcomeOf } from './outcome.ts';
import { readBody } from './read-whole.ts';

/** One API key at one address. */
export type Account = {
  readonly apiKey: string;
  /** Without a slash at its end: `https://api.groq.com/openai/v1`. */
  readonly baseUrl: string;
  readonly dispatcher: Dispatcher;
};

type Letter = {
  readonly body: Outgoing['body'];
  readonly accept: string;
  readonly contentType?: string;
  readonly contentLength?: number | undefined;
  /** What the provider is told of the trace. */
  readonly trace?: Readonly<Record<string, string>> | undefined;
};

/** An error body is read no further than this, */
const MAX_ERROR_BYTES = 64 * 1024;

/** and waited for no longer: its status says the most. */
const ERROR_BODY_MS = 1_000;

/**
 * A way to post to one path of Groq's API: one request, one attempt. Resolves with the head of a
 * 200.
 */
export function poster(
  { apiKey, baseUrl, dispatcher }: Account,
  route: string,
): (letter: Letter, signal: AbortSignal) => Promise<Exchange> {
  const { origin, pathname } = new URL(baseUrl);
  const path = `${pathname.replace(/\/$/, '')}${route}`;
  const authorization = `Bearer ${apiKey}`;
  return async ({ body, accept, contentType, contentLength, trace }, signal) => {
    const headers = {
      authorization,
      'content-type': contentType ?? 'application/json',
      accept,
      'accept-encoding': 'identity',
      'user-agent': 'keyturn',
      ...(contentLength === undefined ? {} : { 'content-length': String(contentLength) }),
      ...trace,
    };
    const answer = await exchange(
      dispatcher,
      { origin, path, method: 'POST', headers, body },
      signal,
    ).catch((error) => {
      throw signal.aborted ? signal.reason : connectionFault(error);
    });
    if (answer.status !== 200) throw await refusal(answer, signal);
    return answer;
  };
}

/** The head of a reply: who answers, and the limits that Groq tells of. */
export function headOf({ headers }: Exchange, model: string) {
  const limits: Record<string, string> = {};
  for (const name in headers) {
    if (name.startsWith('x-ratelimit-')) limits[name] = headers[name] ?? '';
  }
  return { servedBy: `groq/${model}`, trail: [], headers: limits };
}

async function refusal(answer: Exchange, signal: AbortSignal): Promise<AttemptError> {
  const { status, headers, body } = answer;
  const late = setTimeout(() => body.cancel(new Error('an error without an end')), ERROR_BODY_MS);
  try {
    const parsed = parseJson((await readBody(answer, MAX_ERROR_BYTES)).toString('utf8'));
    const error = isObject(parsed) && isObject(parsed['error']) ? parsed['error'] : undefined;
    return outcomeOf({ status, headers, error });
  } catch {
    if (signal.aborted) throw signal.reason;
    return outcomeOf({ status, headers, error: undefined });
  } finally {
    clearTimeout(late);
  }
}
