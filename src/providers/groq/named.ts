import { randomUUID } from 'node:crypto';

/**
 * A whole answer that doesn't say who gave it, as every answer of the API does, made to say so.
 *
 * @param text JSON of an object
 */
export function namedWhole(text: string, model: string): Buffer {
  const identity = {
    id: `chatcmpl-${randomUUID()}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
  };
  return Buffer.from(JSON.stringify({ ...identity, ...JSON.parse(text), model }));
}
