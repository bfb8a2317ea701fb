import type { TrailEntry } from './trail.ts';

/**
 * Every way in which keyturn refuses or fails, with the HTTP status and OpenAI's error `type` for
 * each. The one table: nobody else chooses a status.
 */
const CATALOGUE = {
  invalid_json: [400, 'invalid_request_error'],
  invalid_request: [400, 'invalid_request_error'],
  context_length_exceeded: [400, 'invalid_request_error'],
  not_supported: [400, 'invalid_request_error'],
  invalid_api_key: [401, 'authentication_error'],
  expired_api_key: [401, 'authentication_error'],
  invalid_admin_secret: [401, 'authentication_error'],
  not_found: [404, 'invalid_request_error'],
  route_not_supported: [404, 'invalid_request_error'],
  model_not_found: [404, 'invalid_request_error'],
  method_not_allowed: [405, 'invalid_request_error'],
  body_too_large: [413, 'invalid_request_error'],
  unsupported_media_type: [415, 'invalid_request_error'],
  too_many_failed_attempts: [429, 'rate_limit_error'],
  rate_limit_exceeded: [429, 'rate_limit_error'],
  client_closed_request: [499, 'request_cancelled'],
  internal_error: [500, 'server_error'],
  provider_error: [502, 'server_error'],
  provider_unavailable: [503, 'server_error'],
  local_model_unavailable: [503, 'server_error'],
  too_many_listeners: [503, 'server_error'],
  local_queue_full: [503, 'server_error'],
  shutting_down: [503, 'server_error'],
  provider_timeout: [504, 'server_error'],
} as const satisfies Record<string, readonly [status: number, type: string]>;

/** The closed list of keyturn's own error codes. */
export type ErrorCode = keyof typeof CATALOGUE;

/** The HTTP status of an error. */
export function statusOf(code: ErrorCode): number {
  return CATALOGUE[code][0];
}

/** The `error` object of OpenAI's API, as it travels. Groq adds fields such as `failed_generation`. */
export type ErrorBody = {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
  readonly [extra: string]: unknown;
};

type Details = {
  /** The request field that is at fault, as a path: `messages.0.content`. */
  readonly param?: string;
  /** Sent as `retry-after`, in whole seconds, rounded up. */
  readonly retryAfterMs?: number;
  /** More response headers. Never put a secret here. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
};

/**
 * An error that a caller is meant to read: what went wrong and what to do next. Its message goes
 * out as it is, so it never holds a secret, a path or a stack.
 */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly body: ErrorBody;
  readonly headers: Readonly<Record<string, string>>;
  readonly retryAfterMs: number | undefined;
  /** Providers that were tried in vain; the chain fills it in. */
  trail: readonly TrailEntry[] = [];

  constructor(code: ErrorCode, message: string, details: Details = {}) {
    super(message, { cause: details.cause });
    const [status, type] = CATALOGUE[code];
    const wireCode = code === 'route_not_supported' ? 'not_supported' : code;
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.retryAfterMs = details.retryAfterMs;
    this.body = { message, type, param: details.param ?? null, code: wireCode };
    this.headers = { ...details.headers, ...retryAfter(details.retryAfterMs) };
  }
}

/** A provider's refusal that is handed to the caller in the provider's own words and status. */
export class PassedOnError extends ApiError {
  override readonly status: number;
  override readonly body: ErrorBody;

  constructor(status: number, body: ErrorBody, details: Details = {}) {
    super('invalid_request', body.message, details);
    this.name = 'PassedOnError';
    this.status = status;
    this.body = body;
  }
}

/** More tokens than a limit ever allows, in Groq's own form: waiting doesn't help. */
export function tooManyTokens(message: string): ApiError {
  const body = { message, type: 'tokens', param: null, code: 'rate_limit_exceeded' };
  return new PassedOnError(413, body);
}

/** The caller hung up: nobody's failure, and nobody is left to read it. */
export function clientClosedRequest(): ApiError {
  return new ApiError('client_closed_request', 'The caller closed the connection.');
}

/** The server ends before the answer does. */
export function shuttingDown(): ApiError {
  return new ApiError('shutting_down', 'The server shuts down. Come back in a moment.', {
    retryAfterMs: 1_000,
  });
}

function retryAfter(retryAfterMs: number | undefined): Record<string, string> {
  if (retryAfterMs === undefined) return {};
  return { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) };
}
