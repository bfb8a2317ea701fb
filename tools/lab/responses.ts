import { randomUUID } from 'node:crypto';
import { type AnswerBend, planAnswer } from './answer.ts';
import { textOf } from './answer-text.ts';
import { type Frame, rawFrame } from './frame.ts';
import { arrayAt, isObject, type JsonObject } from './json.ts';
import type { Performance } from './performed.ts';
import { completionTokens } from './usage.ts';

type ResponseFacts = {
  readonly body: JsonObject;
  readonly model: string;
  readonly thinks: boolean;
  readonly atMs: number;
};

/** A Responses request as the chat request that has the same answer. */
function asChat(body: JsonObject): JsonObject {
  const { input, max_output_tokens: room } = body;
  const items =
    typeof input === 'string' ? [{ role: 'user', content: input }] : arrayAt(body, 'input');
  const messages = items.filter(isObject).map((item) => ({ ...item, content: textOf(item) }));
  return { messages, ...(room !== undefined && { max_tokens: room }) };
}

/** The answer to `POST /responses`, whole and as named events. */
export function performResponse(facts: ResponseFacts, bend: AnswerBend): Performance {
  const { body, model, thinks, atMs } = facts;
  const answer = planAnswer(asChat(body), thinks, bend);
  const spent = completionTokens(answer);
  const text = answer.content.join('');
  const itemId = `msg_${randomUUID()}`;
  const base = {
    ...{
      id: `resp_${randomUUID()}`,
      object: 'response',
      created_at: Math.floor(atMs / 1000),
      model,
    },
    ...{ error: null, incomplete_details: null, parallel_tool_calls: true, tool_choice: 'auto' },
  };
  const part = (spoken: string) => ({ type: 'output_text', text: spoken, annotations: [] });
  const item = (status: string, content: readonly unknown[]) => ({
    ...{ type: 'message', id: itemId, status, role: 'assistant', content },
  });
  const finished = {
    ...{ ...base, status: 'completed', output: [item('completed', [part(text)])] },
    usage: {
      ...{ input_tokens: answer.promptTokens, input_tokens_details: { cached_tokens: 0 } },
      output_tokens: spent,
      output_tokens_details: { reasoning_tokens: answer.reasoning.length },
      total_tokens: answer.promptTokens + spent,
    },
  };

  function* frames(): Generator<Frame> {
    let sequence = 0;
    const place = { item_id: itemId, output_index: 0, content_index: 0 };
    const named = (type: string, members: JsonObject, kind: Frame['kind'] = 'other'): Frame => {
      const event = { type, sequence_number: sequence, ...members };
      sequence += 1;
      const bytes = `event: ${type}\ndata: ${JSON.stringify(event)}\n\n`;
      return { ...rawFrame(bytes, kind), event };
    };
    const started = { response: { ...base, status: 'in_progress', output: [] } };
    yield named('response.created', started, 'role');
    yield named('response.in_progress', started);
    yield named('response.output_item.added', { output_index: 0, item: item('in_progress', []) });
    yield named('response.content_part.added', { ...place, part: part('') });
    for (const delta of answer.content) {
      yield named('response.output_text.delta', { ...place, delta }, 'text');
    }
    yield named('response.output_text.done', { ...place, text });
    yield named('response.content_part.done', { ...place, part: part(text) });
    yield named('response.output_item.done', { output_index: 0, item: finished.output[0] });
    yield named('response.completed', { response: finished }, 'finish');
  }

  return {
    streams: body.stream === true,
    requestedTokens: answer.promptTokens,
    promptTokens: answer.promptTokens,
    spentTokens: answer.promptTokens + spent,
    answerTokens: spent,
    whole: () => ({
      contentType: 'application/json',
      bytes: Buffer.from(JSON.stringify(finished)),
    }),
    frames,
    event: (members) => ({ type: 'error', ...members }),
  };
}
