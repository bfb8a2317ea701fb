/** What a stream carries: an event, or a comment line. */
export type StreamEvent =
  | { readonly kind: 'data'; readonly event: string; readonly data: string }
  | { readonly kind: 'comment'; readonly text: string };

/** Longer than any event: what has no end by then is no event stream. */
const MAX_EVENT = 4 * 1024 * 1024;

/**
 * Reads server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) with
 * their comments, which the browser's own EventSource keeps to itself.
 *
 * @throws what the connection throws.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<StreamEvent[], void, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      const blocks = rest.split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? '';
      if (rest.length > MAX_EVENT) throw new Error('an event without an end');
      yield blocks.flatMap(eventsIn);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function eventsIn(block: string): StreamEvent[] {
  const events: StreamEvent[] = [];
  const data: string[] = [];
  let event = 'message';
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith(':')) events.push({ kind: 'comment', text: line.slice(1).trim() });
    else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
    else if (line.startsWith('event:')) event = line.slice(6).trim();
  }
  if (data.length > 0) events.push({ kind: 'data', event, data: data.join('\n') });
  return events;
}
