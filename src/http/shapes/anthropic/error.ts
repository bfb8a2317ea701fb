import type { ApiError } from '../../../core/errors.ts';

const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  405: 'invalid_request_error',
  408: 'timeout_error',
  413: 'request_too_large',
  415: 'invalid_request_error',
  422: 'invalid_request_error',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
};

/** True for the routes whose clients read Anthropic's errors. */
export function isAnthropicPath(path: string): boolean {
  return path === '/v1/messages' || path.startsWith('/v1/messages/');
}

/** An error in Anthropic's shape, with OpenAI's `code` and `param` beside. */
export function anthropicError({ status, body }: ApiError) {
  const { message, code, param, type: _, ...extra } = body;
  const type = TYPES[status] ?? 'api_error';
  return { type: 'error', error: { type, message, code, param, ...extra } };
}
