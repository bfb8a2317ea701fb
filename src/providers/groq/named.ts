import { randomUUID } from 'node:crypto';

/**
 * A whole answer that says who gave it, as every answer of the API does; the very same bytes where it
 * says so already.
 */
export function namedWhole(
  bytes: Uint8Array,
  parsed: Readonly<Record<string, unknown>>,
  model: string,
): Uint8Array {
  if (typeof parsed['model'] === 'string') return bytes;
  const identity = {
    id: `chatcmpl-${randomUUID()}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model,
  };
  return Buffer.from(JSON.stringify({ ...identity, ...parsed }));
}
