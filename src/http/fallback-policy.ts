import type { FallbackPolicy } from '../core/chat.ts';
import { ApiError } from '../core/errors.ts';
import type { Context } from './state.ts';

const POLICIES: ReadonlySet<string> = new Set(['on', 'off', 'local-off', 'text-only']);

/**
 * What the header `x-fallback` allows.
 *
 * @throws ApiError for a word that it doesn't know.
 */
export function fallbackPolicy(ctx: Context): FallbackPolicy {
  const given = ctx.get('x-fallback').trim().toLowerCase() || 'on';
  if (isPolicy(given)) return given;
  throw new ApiError(
    'invalid_request',
    'The header x-fallback is one of: on, off, local-off, text-only.',
    { param: 'x-fallback' },
  );
}

function isPolicy(word: string): word is FallbackPolicy {
  return POLICIES.has(word);
}
