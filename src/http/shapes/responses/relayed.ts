import type { ChatEvent } from '../../../core/chat.ts';
import type { ApiError } from '../../../core/errors.ts';

/** A provider's own stream of the Responses API, forwarded byte for byte, and watched. */
export type Relayed = {
  readonly events: AsyncIterable<Uint8Array>;
  /** The event that says that the stream broke off; undefined before its first event. */
  failure(error: ApiError): string | undefined;
};

/** Counts the events that go by, and remembers the first, which holds the response's head. */
export function relayedEvents(events: AsyncIterable<ChatEvent>): Relayed {
  let first: Uint8Array | undefined;
  let count = 0;
  async function* passing(): AsyncGenerator<Uint8Array, void, void> {
    for await (const { raw } of events) {
      first ??= raw;
      count += 1;
      yield raw;
    }
  }
  return {
    events: passing(),
    failure: (error) => {
      const response = first && responseIn(first);
      if (!response) return undefined;
      const data = {
        type: 'response.failed',
        sequence_number: count,
        response: {
          ...response,
          status: 'failed',
          error: { code: 'server_error', message: error.message },
        },
      };
      return `event: response.failed\ndata: ${JSON.stringify(data)}\n\n`;
    },
  };
}

/** The `response` of the stream's first event. */
function responseIn(raw: Uint8Array): object | undefined {
  const lines = Buffer.from(raw).toString('utf8').split('\n');
  const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5));
  try {
    const event: unknown = JSON.parse(data.join('\n'));
    const response: unknown =
      typeof event === 'object' && event !== null ? Reflect.get(event, 'response') : undefined;
    return typeof response === 'object' && response !== null ? response : undefined;
  } catch {
    return undefined;
  }
}
