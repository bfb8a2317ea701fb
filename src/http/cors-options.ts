import type cors from '@koa/cors';

/** What callers send, the official SDKs in a browser included. */
const REQUEST_HEADERS = [
  'content-type',
  'x-api-key',
  'authorization',
  'admin-secret',
  'x-fallback',
  'x-request-id',
  'cache-control',
  'traceparent',
  'tracestate',
  'openai-organization',
  'openai-project',
  'anthropic-version',
  'anthropic-beta',
  'anthropic-dangerous-direct-browser-access',
  'x-stainless-arch',
  'x-stainless-helper-method',
  'x-stainless-lang',
  'x-stainless-os',
  'x-stainless-package-version',
  'x-stainless-poll-helper',
  'x-stainless-retry-count',
  'x-stainless-runtime',
  'x-stainless-runtime-version',
  'x-stainless-timeout',
];

const ANSWER_HEADERS = [
  'x-request-id',
  'request-id',
  'x-served-by',
  'x-fallback-trail',
  'x-key-expires',
  'x-model-replaced',
  'x-max-tokens-clamped',
  'x-max-tokens',
  'x-cache',
  'x-model-arm',
  'x-ratelimit-limit-requests',
  'x-ratelimit-remaining-requests',
  'x-ratelimit-reset-requests',
  'x-ratelimit-limit-tokens',
  'x-ratelimit-remaining-tokens',
  'x-ratelimit-reset-tokens',
  'x-ignored-fields',
  'x-token-count',
  'retry-after',
];

/**
 * Who may call from a browser. No cookies are used, so any origin may call with a key of its own.
 *
 * @param origins `*`, or origins as browsers send them
 */
export function corsOptions(origins: readonly string[]): cors.Options {
  return {
    origin: (ctx) => {
      if (origins.includes('*')) return '*';
      const origin = ctx.get('origin');
      return origins.includes(origin) ? origin : '';
    },
    allowMethods: ['GET', 'HEAD', 'POST'],
    allowHeaders: REQUEST_HEADERS,
    exposeHeaders: ANSWER_HEADERS,
    maxAge: 86_400,
  };
}
