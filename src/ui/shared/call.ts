import { serverIsSilent, serverIsThere } from './connection.ts';
import { duration } from './format.ts';

/** What the server, or the way to it, answered instead of what was asked for. */
export class CallError extends Error {
  readonly code: string;
  /** 0 where nobody answered. */
  readonly status: number;
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, status = 0, retryAfterMs?: number) {
    super(message);
    this.name = 'CallError';
    this.code = code;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** What went wrong, and how long to wait where the server says so: for a reader. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const waitMs = error instanceof CallError ? error.retryAfterMs : undefined;
  return waitMs === undefined ? error.message : `${error.message} (${duration(waitMs)})`;
}

type Options = {
  readonly method?: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Asks this page's own server.
 *
 * @throws CallError, or the AbortError of a call that was given up.
 */
export async function call(path: string, options: Options): Promise<Response> {
  const response = await ask(path, options);
  if (!response.ok) throw await errorOf(response);
  return response;
}

async function ask(path: string, { method = 'GET', headers, body, signal }: Options) {
  try {
    const response = await fetch(path, {
      method,
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
    serverIsThere();
    return response;
  } catch (error) {
    if (signal?.aborted) throw error;
    serverIsSilent();
    throw new CallError('unreachable', 'The server could not be reached.');
  }
}

async function errorOf(response: Response): Promise<CallError> {
  const { status, headers } = response;
  const { error } = (await response.json().catch(() => ({}))) as ErrorAnswer;
  const seconds = Number(headers.get('retry-after'));
  return new CallError(
    error?.code ?? String(status),
    error?.message ?? `The server answered with status ${status}.`,
    status,
    seconds > 0 ? seconds * 1000 : undefined,
  );
}

type ErrorAnswer = { readonly error?: { readonly message?: string; readonly code?: string } };
