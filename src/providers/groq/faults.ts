import { AttemptError } from '../../core/attempt.ts';
import { ApiError } from '../../core/errors.ts';

/** A fault of the provider after which the same model may be asked again. */
function transientFault(
  cause: 'connect' | 'garbage' | 'inband' | 'cut',
  message: string,
  why?: unknown,
) {
  return new AttemptError({
    cause,
    verdict: 'retry',
    countsAsFault: true,
    answer: new ApiError('provider_error', message, { cause: why }),
  });
}

/** A 200 that holds no answer: HTML, an empty body, `null`, JSON of another shape, a torn gzip. */
export function garbage(why?: unknown): AttemptError {
  return transientFault(
    'garbage',
    'The provider sent something that is no chat answer. Try again in a moment.',
    why,
  );
}

/** The body ended before the answer did. */
export function cut(why?: unknown): AttemptError {
  return transientFault(
    'cut',
    'The provider broke off in the middle of its answer. Send the request again.',
    why,
  );
}

/** An error that came inside a 200. */
export function inband(why?: unknown): AttemptError {
  return transientFault(
    'inband',
    'The provider reported an error in the middle of its answer. Send the request again.',
    why,
  );
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * A connection that failed before a response came. A reset is tried again; a host that can't be
 * reached at all (DNS, refusal, TLS, a proxy that refuses) fails for every model on it alike, so
 * the chain goes straight on to the local model.
 */
export function connectionFault(error: unknown): AttemptError {
  const isUnreachable = chainOf(error).some(
    ({ code, message }) =>
      UNREACHABLE.has(code ?? '') ||
      /^(ERR_SSL|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code ?? '') ||
      (code === 'UND_ERR_ABORTED' && /proxy/i.test(message)),
  );
  if (!isUnreachable) {
    return transientFault('connect', 'The connection to the provider broke. Try again.', error);
  }
  return new AttemptError({
    cause: 'connect',
    verdict: 'next',
    countsAsFault: true,
    everyModel: true,
    answer: new ApiError('provider_unavailable', 'The provider cannot be reached right now.', {
      cause: error,
      retryAfterMs: 5_000,
    }),
  });
}

/** The system's word for why a connection failed: `ECONNREFUSED`, `ENOTFOUND`, `CERT_HAS_EXPIRED`. */
export function codeOf(error: unknown): string | undefined {
  return chainOf(error).find(({ code }) => typeof code === 'string')?.code;
}

function chainOf(error: unknown): NodeJS.ErrnoException[] {
  const chain: NodeJS.ErrnoException[] = [];
  let each = error;
  while (each instanceof Error && chain.length < 5) {
    chain.push(each);
    if (each instanceof AggregateError) chain.push(...each.errors);
    each = each.cause;
  }
  return chain;
}
