import type { ServerResponse } from 'node:http';
import type { Reply } from '../core/provider.ts';
import { formatTrail, printable } from '../core/trail.ts';

/** Puts into an answer's head who answered, after whom, and the provider's limits. */
export function setAnswerHeaders(
  response: ServerResponse,
  { servedBy, trail, headers }: Reply,
): void {
  setHeaders(response, headers);
  response.setHeader('x-served-by', printable(servedBy));
  if (trail.length > 0) response.setHeader('x-fallback-trail', formatTrail(trail, servedBy));
}

/** Puts headers into an answer's head. */
export function setHeaders(
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
): void {
  for (const name in headers) response.setHeader(name, headers[name] ?? '');
}
