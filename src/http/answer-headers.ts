import type { ServerResponse } from 'node:http';
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

/** Puts headers into an answer's head. */
export function setHeaders(
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
): void {
  for (const name in headers) response.setHeader(name, headers[name] ?? '');
}
