import type { ChatEvent, Usage } from '../../../core/chat.ts';
import { type CallDelta, readCallDeltas } from '../completion.ts';
import { newId, stopReason, thinkingBlock, usageObject } from './message.ts';

/** One event of Anthropic's stream. */
export function anthropicEvent(type: string, members: object = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
}

/** Keeps a waiting connection alive. */
export const PING = anthropicEvent('ping');

type Options = {
  readonly model: string;
  /** What the prompt takes, before the provider has said it. */
  readonly inputTokens: number;
  readonly showsThinking: boolean;
};

/**
 * A chat's stream as Anthropic's: `message_start`, blocks of thinking, text and tool use,
 * `message_delta` with the real counts, `message_stop`.
 */
export async function* anthropicEvents(
  events: AsyncIterable<ChatEvent>,
  { model, inputTokens, showsThinking }: Options,
): AsyncGenerator<string, void, void> {
  const blocks = openBlocks();
  let finishReason: string | null | undefined;
  let usage: Usage | undefined;
  const opening = [messageStart(model, inputTokens), PING];
  for await (const { chunk } of events) {
    // Not before the loop: only who has begun with the events leaves them when the caller hangs up.
    yield* opening.splice(0);
    usage = chunk.usage ?? usage;
    const [choice] = chunk.choices;
    const { delta } = choice ?? {};
    finishReason = choice?.finish_reason ?? finishReason;
    if (showsThinking && delta?.reasoning) yield* blocks.thinking(delta.reasoning);
    if (delta?.content) yield* blocks.text(delta.content);
    for (const piece of readCallDeltas(delta?.tool_calls)) yield* blocks.call(piece);
  }
  yield* blocks.close();
  yield anthropicEvent('message_delta', {
    delta: { stop_reason: stopReason(finishReason), stop_sequence: null },
    usage: usageObject(usage),
  });
  yield anthropicEvent('message_stop');
}

function messageStart(model: string, inputTokens: number): string {
  const usage = { ...usageObject(undefined), input_tokens: inputTokens };
  const message = {
    id: newId('msg'),
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
  return anthropicEvent('message_start', { message });
}

/** The blocks of a message that is being written: one is open at a time. */
function openBlocks() {
  let index = -1;
  let open: string | undefined;

  function* close(): Generator<string, void, void> {
    if (open !== undefined) yield anthropicEvent('content_block_stop', { index });
    open = undefined;
  }
  /** Opens a block of that name unless it is the one that is open. */
  function* enter(name: string, content_block: object): Generator<string, void, void> {
    if (open === name) return;
    yield* close();
    open = name;
    index += 1;
    yield anthropicEvent('content_block_start', { index, content_block });
  }
  const delta = (members: object) =>
    anthropicEvent('content_block_delta', { index, delta: members });

  return {
    close,
    *thinking(thinking: string) {
      yield* enter('thinking', thinkingBlock(''));
      yield delta({ type: 'thinking_delta', thinking });
    },
    *text(text: string) {
      yield* enter('text', { type: 'text', text: '' });
      yield delta({ type: 'text_delta', text });
    },
    *call({ index: number, id, name, arguments: partial_json }: CallDelta) {
      const block = { type: 'tool_use', id: id ?? newId('toolu'), name: name ?? '', input: {} };
      yield* enter(`call ${number}`, block);
      if (partial_json) yield delta({ type: 'input_json_delta', partial_json });
    },
  };
}
