import type { ChatEvent } from '../../../core/chat.ts';
import type { ApiError } from '../../../core/errors.ts';
import { isObject, parseJson } from '../../../core/json.ts';
import { eventSplitter } from '../../../core/sse.ts';

/** A provider's own stream of the Responses API, forwarded byte for byte, and watched. */
export type Relayed = {
  readonly events: AsyncIterable<Uint8Array>;
  /** The event that says that the stream broke off; undefined before its first event. */
  failure(error: ApiError): string | undefined;
};

/** Remembers the first of the events that go by, which holds the response's head, and the last. */
export function relayedEvents(events: AsyncIterable<ChatEvent>): Relayed {
  let first: Uint8Array | undefined;
  let last: Uint8Array | undefined;
  async function* passing(): AsyncGenerator<Uint8Array, void, void> {
    for await (const { raw } of events) {
      first ??= raw;
      last = raw;
      yield raw;
    }
  }
  return {
    events: passing(),
    failure: (error) => {
      const response = first && fieldIn(first, 'response');
      if (typeof response !== 'object' || response === null) return undefined;
      const number = last && fieldIn(last, 'sequence_number');
      const data = {
        type: 'response.failed',
        sequence_number: typeof number === 'number' ? number + 1 : 0,
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

/** A field of an event's data; undefined where that is no JSON. */
function fieldIn(raw: Uint8Array, field: string): unknown {
  const [event] = eventSplitter()(raw);
  const data = parseJson(event?.data ?? '');
  return isObject(data) ? data[field] : undefined;
}
