import { randomUUID } from 'node:crypto';
import { type Answer, type AnswerBend, maxTokensOf, planAnswer } from './answer.ts';
import { doneFrame, type Frame, jsonFrame } from './frame.ts';
import { isObject, type JsonObject } from './json.ts';
import type { Performance } from './performed.ts';
import { completionTokens, usageOf } from './usage.ts';

type ChatFacts = {
  readonly body: JsonObject;
  readonly model: string;
  readonly thinks: boolean;
  readonly atMs: number;
};

const requestId = (): string => `req_01${randomUUID().replaceAll('-', '').slice(0, 24)}`;
const callId = (): string => `fc_${randomUUID()}`;

function* deltasOf(answer: Answer): Generator<readonly [Frame['kind'], JsonObject]> {
  for (const reasoning of answer.reasoning) {
    yield ['reasoning', { channel: 'analysis', reasoning }];
  }
  for (const content of answer.content) yield ['text', { content }];
  if (!answer.tool) return;
  const { name, pieces } = answer.tool;
  const opening = { id: callId(), type: 'function', function: { name, arguments: '' }, index: 0 };
  yield ['tool', { tool_calls: [opening] }];
  for (const piece of pieces) {
    yield ['tool', { tool_calls: [{ index: 0, function: { arguments: piece } }] }];
  }
}

function messageOf({ reasoning, content, tool }: Answer): JsonObject {
  const call = tool && {
    ...{ id: callId(), type: 'function' },
    function: { name: tool.name, arguments: tool.pieces.join('') },
  };
  return {
    role: 'assistant',
    ...(call ? { tool_calls: [call] } : { content: content.join('') }),
    ...(reasoning.length > 0 && { reasoning: reasoning.join('') }),
  };
}

/** The answer to `POST /chat/completions` in Groq's shape, whole and as chunks. */
export function performChat(
  { body, model, thinks, atMs }: ChatFacts,
  bend: AnswerBend,
): Performance {
  const answer = planAnswer(body, thinks, bend);
  const usage = usageOf(answer);
  const groqId = requestId();
  const base = {
    id: `chatcmpl-${randomUUID()}`,
    created: Math.floor(atMs / 1000),
    ...{ model, system_fingerprint: 'fp_lab0123456' },
  };
  const chunk = (members: JsonObject): JsonObject => ({
    ...{ id: base.id, object: 'chat.completion.chunk', created: base.created, model },
    ...{ system_fingerprint: base.system_fingerprint, ...members },
  });
  const choice = (delta: JsonObject, finish: string | null = null) => ({
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });
  const options = isObject(body.stream_options) ? body.stream_options : {};

  function* frames(): Generator<Frame> {
    const opening = choice({ role: 'assistant', content: '' });
    yield jsonFrame('role', chunk({ ...opening, x_groq: { id: groqId } }));
    for (const [kind, delta] of deltasOf(answer)) yield jsonFrame(kind, chunk(choice(delta)));
    const closing = choice({}, answer.finishReason);
    yield jsonFrame('finish', chunk({ ...closing, x_groq: { id: groqId, usage } }));
    if (options.include_usage === true) yield jsonFrame('usage', chunk({ choices: [], usage }));
    yield doneFrame;
  }

  function whole() {
    const message = messageOf(answer);
    const choices = [{ index: 0, message, logprobs: null, finish_reason: answer.finishReason }];
    const { id, created, system_fingerprint } = base;
    const answerBody = {
      ...{ id, object: 'chat.completion', created, model, choices, usage },
      ...{ system_fingerprint, x_groq: { id: groqId }, service_tier: 'on_demand' },
    };
    return { contentType: 'application/json', bytes: Buffer.from(JSON.stringify(answerBody)) };
  }

  return {
    streams: body.stream === true,
    requestedTokens: answer.promptTokens + (maxTokensOf(body) ?? 0),
    promptTokens: answer.promptTokens,
    spentTokens: answer.promptTokens + completionTokens(answer),
    answerTokens: completionTokens(answer),
    ...{ whole, frames, event: chunk },
  };
}
