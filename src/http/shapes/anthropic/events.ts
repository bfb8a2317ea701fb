import type { ChatEvent, ChunkDelta, Usage } from '../../../core/chat.ts';
import { type CallDelta, readCallDeltas } from '../completion.ts';
import { inTurn, type Piece } from './in-turn.ts';
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
  const turns = inTurn();
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
    for (const piece of piecesOf(delta, showsThinking)) {
      for (const next of turns.take(piece)) yield* blocks.write(next);
    }
  }
  for (const next of turns.end()) yield* blocks.write(next);
  yield* blocks.close();
  yield anthropicEvent('message_delta', {
    delta: { stop_reason: stopReason(finishReason, blocks.hasCalls()), stop_sequence: null },
    usage: usageObject(usage),
  });
  yield anthropicEvent('message_stop');
}

function piecesOf(delta: ChunkDelta | undefined, showsThinking: boolean): Piece[] {
  const { reasoning, content, tool_calls: calls } = delta ?? {};
  return [
    ...(showsThinking && reasoning ? [{ kind: 'thinking', text: reasoning } as const] : []),
    ...(content ? [{ kind: 'text', text: content } as const] : []),
    ...readCallDeltas(calls).map((call) => ({ kind: 'call', call }) as const),
  ];
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
  let hasCalls = false;
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

  function* call({ index: number, id, name, arguments: partial_json }: CallDelta) {
    const block = { type: 'tool_use', id: id ?? newId('toolu'), name: name ?? '', input: {} };
    hasCalls = true;
    yield* enter(`call ${number}`, block);
    if (partial_json) yield delta({ type: 'input_json_delta', partial_json });
  }

  return {
    close,
    hasCalls: () => hasCalls,
    *write(piece: Piece): Generator<string, void, void> {
      if (piece.kind === 'call') return yield* call(piece.call);
      const { kind, text } = piece;
      const isText = kind === 'text';
      yield* enter(kind, isText ? { type: 'text', text: '' } : thinkingBlock(''));
      yield delta(
        isText ? { type: 'text_delta', text } : { type: 'thinking_delta', thinking: text },
      );
    },
  };
}
