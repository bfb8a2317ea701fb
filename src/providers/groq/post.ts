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

const JSON_TYPE = 'application/json';

const NONE: Readonly<Record<string, string>> = {};

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
  const heads = new Map<string, Readonly<Record<string, string>>>();

  /** The headers of every letter of its kind, made once. */
  function headOf(accept: string, contentType: string): Readonly<Record<string, string>> {
    const kind = `${accept} ${contentType}`;
    const made = heads.get(kind);
    if (made) return made;
    const head = {
      authorization,
      'content-type': contentType,
      accept,
      'accept-encoding': 'identity',
      'user-agent': 'keyturn',
    };
    // A form's content type is another one each time.
    if (contentType === JSON_TYPE) heads.set(kind, head);
    return head;
  }

  return ({ body, accept, contentType = JSON_TYPE, contentLength, trace }, signal) => {
    const head = headOf(accept, contentType);
    const length = contentLength === undefined ? {} : { 'content-length': String(contentLength) };
    const headers = contentLength === undefined && !trace ? head : { ...head, ...length, ...trace };
    const outgoing: Outgoing = { origin, path, method: 'POST', headers, body };
    return exchange(dispatcher, outgoing, signal).then(
      (answer) => (answer.status === 200 ? answer : refused(answer, apiKey, signal)),
      (error) => {
        throw signal.aborted ? signal.reason : connectionFault(error);
      },
    );
  };
}

/** The limits that Groq tells of in the head of an answer. */
export function limitsIn(headers: Exchange['headers']): Readonly<Record<string, string>> {
  let limits: Record<string, string> | undefined;
  for (const name in headers) {
    if (!name.startsWith('x-ratelimit-')) continue;
    limits ??= {};
    limits[name] = headers[name] ?? '';
  }
  return limits ?? NONE;
}

async function refused(answer: Exchange, apiKey: string, signal: AbortSignal): Promise<never> {
  throw await refusal(answer, apiKey, signal);
}

/** Some providers, and proxies before them, say in an error what they were sent: the key stays here. */
async function refusal(
  answer: Exchange,
  apiKey: string,
  signal: AbortSignal,
): Promise<AttemptError> {
  const { status, headers, body } = answer;
  const late = setTimeout(() => body.cancel(new Error('an error without an end')), ERROR_BODY_MS);
  try {
    const text = (await readBody(answer, MAX_ERROR_BYTES)).toString('utf8');
    const parsed = parseJson(text.replaceAll(apiKey, '***'));
    const error = isObject(parsed) && isObject(parsed['error']) ? parsed['error'] : undefined;
    return outcomeOf({ status, headers, error });
  } catch {
    if (signal.aborted) throw signal.reason;
    return outcomeOf({ status, headers, error: undefined });
  } finally {
    clearTimeout(late);
  }
}
