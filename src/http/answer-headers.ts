import type { Reply } from '../core/provider.ts';
import { formatTrail, printable } from '../core/trail.ts';

/** What the head of every chat answer tells: who answered, after whom, and the provider's limits. */
export function answerHeaders({ servedBy, trail, headers }: Reply): Record<string, string> {
  return {
    ...headers,
    'x-served-by': printable(servedBy),
    ...(trail.length > 0 ? { 'x-fallback-trail': formatTrail(trail, servedBy) } : {}),
  };
}
