import { randomUUID } from 'node:crypto';
import { type ChatEvent, eventOf } from '../../core/chat.ts';

/** What every answer of the API says of itself, for a provider that leaves it out. */
function identity(model: string, object: string) {
  const created = Math.floor(Date.now() / 1000);
  return { id: `chatcmpl-${randomUUID()}`, object, created, model };
}

/** A whole answer that says who gave it; the very same bytes where it does already. */
export function namedWhole(
  bytes: Uint8Array,
  parsed: Readonly<Record<string, unknown>>,
  model: string,
): Uint8Array {
  if (isNamed(parsed)) return bytes;
  return Buffer.from(JSON.stringify({ ...identity(model, 'chat.completion'), ...parsed }));
}

/** A stream whose events say who gave them; each with its own bytes where it does already. */
export async function* namedEvents(
  events: AsyncIterable<ChatEvent>,
  model: string,
): AsyncGenerator<ChatEvent, void, void> {
  const own = identity(model, 'chat.completion.chunk');
  for await (const event of events) {
    yield isNamed(event.chunk) ? event : eventOf({ ...own, ...event.chunk });
  }
}

/** True when an answer names itself and its model. */
export function isNamed({
  id,
  model,
}: {
  readonly id?: unknown;
  readonly model?: unknown;
}): boolean {
  return typeof id === 'string' && typeof model === 'string';
}
