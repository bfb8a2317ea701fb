import { type ErrorCode, statusOf } from '../../core/errors.ts';
import { isAnthropicPath } from '../shapes/anthropic/error.ts';
import { type HeaderName, OF_A_LIMIT } from './headers.ts';
import type { Access, Operation } from './operation.ts';
import { headerRefs, schemaRef } from './references.ts';

/** How each kind of caller can be refused. */
const REFUSALS: Readonly<Record<Access, readonly ErrorCode[]>> = {
  all: [],
  client: ['invalid_api_key', 'expired_api_key', 'too_many_failed_attempts'],
  admin: ['invalid_admin_secret', 'too_many_failed_attempts'],
  metrics: ['invalid_api_key', 'too_many_failed_attempts'],
};

/** Errors after which somebody else may have been tried, and that may say when to come back. */
const BY_PROVIDERS: ReadonlySet<ErrorCode> = new Set([
  'context_length_exceeded',
  'invalid_request',
  'rate_limit_exceeded',
  'provider_error',
  'provider_unavailable',
  'provider_timeout',
  'local_queue_full',
  'local_model_unavailable',
  'model_not_found',
  'body_too_large',
]);

/** Errors of the server's own that say when to come back. */
const BY_ITSELF: ReadonlySet<ErrorCode> = new Set(['too_many_listeners', 'shutting_down']);

/** With `CALLER_RPM`, on whatever is sent with a body. */
const SHARE_USED_UP = 'rate_limit_exceeded';

/** The errors of an operation, by status, each with the codes that it may have. */
export function errorAnswers({ on: [first], access, errors = [], otherwise }: Operation): object {
  const hasShare = access === 'client' && first.startsWith('POST ');
  const share =
    hasShare && !errors.includes('rate_limit_exceeded') ? ([SHARE_USED_UP] as const) : [];
  const codes = [...REFUSALS[access], ...share, ...errors, 'internal_error'] as const;
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const status = statusOf(code);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const isAnthropic = isAnthropicPath(first.slice('POST '.length));
  const answers = [...byStatus].filter(([status]) => otherwise?.[status] === undefined);
  return Object.fromEntries(
    answers.map(([status, some]) => [
      status,
      {
        description: some.map((code) => `\`${code}\``).join(', '),
        headers: headerRefs(headersOf(status, some, access)),
        content: {
          'application/json': { schema: schemaRef(isAnthropic ? 'AnthropicError' : 'Error') },
        },
      },
    ]),
  );
}

function headersOf(status: number, codes: readonly ErrorCode[], access: Access): HeaderName[] {
  const isWithKey = access === 'client' && status !== 401;
  const isProviders = codes.some((code) => BY_PROVIDERS.has(code));
  const saysWhen = isProviders || codes.some((code) => BY_ITSELF.has(code));
  return [
    'x-request-id',
    ...(isWithKey ? (['x-key-expires'] as const) : []),
    ...(isProviders ? (['x-fallback-trail'] as const) : []),
    ...(status === 429 ? OF_A_LIMIT : []),
    ...(saysWhen && status !== 429 ? (['retry-after'] as const) : []),
  ];
}
