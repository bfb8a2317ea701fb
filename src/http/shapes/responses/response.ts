import { randomBytes } from 'node:crypto';
import type { ApiError } from '../../../core/errors.ts';
import { cachedTokens } from '../../../core/usage.ts';
import type { Completion } from '../completion.ts';
import type { ResponsesParams } from './schema.ts';

/** An item of a response's `output`. */
export type OutputItem = Readonly<Record<string, unknown>>;

/** A response's head: all that doesn't change while it is written. */
export type ResponseHead = {
  readonly id: string;
  readonly created_at: number;
  readonly model: string;
  readonly params: ResponsesParams;
};

/** A new response to this request, by this model (`local/lifeboat`). */
export function responseHead(params: ResponsesParams, model: string): ResponseHead {
  return { id: newId('resp'), created_at: Math.floor(Date.now() / 1000), model, params };
}

/** `resp_`, `msg_`, `fc_` and 40 hexadecimal digits, as OpenAI's are. */
export function newId(kind: 'resp' | 'msg' | 'fc' | 'call'): string {
  return `${kind}_${randomBytes(20).toString('hex')}`;
}

type Progress = {
  readonly status: 'in_progress' | 'completed' | 'incomplete' | 'failed';
  readonly output?: readonly OutputItem[];
  readonly usage?: Completion['usage'];
  readonly finishReason?: string | null | undefined;
  readonly error?: ApiError;
};

/** The `response` object in one of its states. */
export function responseObject({ id, created_at, model, params }: ResponseHead, state: Progress) {
  const { status, output = [], usage, finishReason, error } = state;
  const cause = finishReason === 'content_filter' ? 'content_filter' : 'max_output_tokens';
  return {
    id,
    object: 'response',
    created_at,
    status,
    background: false,
    error: error ? { code: 'server_error', message: error.message } : null,
    incomplete_details: status === 'incomplete' ? { reason: cause } : null,
    instructions: params.instructions ?? null,
    max_output_tokens: params.max_output_tokens ?? null,
    metadata: params.metadata ?? {},
    model,
    output,
    parallel_tool_calls: params.parallel_tool_calls ?? true,
    previous_response_id: null,
    reasoning: { effort: params.reasoning?.effort ?? null, summary: null },
    service_tier: 'default',
    store: false,
    temperature: params.temperature ?? 1,
    text: params.text ?? { format: { type: 'text' } },
    tool_choice: params.tool_choice ?? 'auto',
    tools: params.tools ?? [],
    top_p: params.top_p ?? 1,
    truncation: 'disabled',
    usage: usage ? usageObject(usage) : null,
    user: null,
  };
}

/** How a response ends, by the chat's finish reason. */
export function statusAfter(finishReason: string | null | undefined): 'completed' | 'incomplete' {
  return finishReason === 'length' || finishReason === 'content_filter'
    ? 'incomplete'
    : 'completed';
}

/** The item that holds an answer's text. */
export function messageItem(id: string, status: string, texts: readonly string[]): OutputItem {
  return { id, type: 'message', status, role: 'assistant', content: texts.map(textPart) };
}

/** A part of a message: its text. */
export function textPart(text: string) {
  return { type: 'output_text', annotations: [], logprobs: [], text };
}

type Call = {
  readonly id: string;
  readonly callId: string;
  readonly name: string;
  readonly text: string;
};

/** The item that holds a call of a function. */
export function callItem({ id, callId, name, text }: Call, status: string): OutputItem {
  return { id, type: 'function_call', status, arguments: text, call_id: callId, name };
}

/** A whole chat answer as a response. */
export function responseOfCompletion(params: ResponsesParams, completion: Completion) {
  const [choice] = completion.choices;
  const finishReason = choice?.finish_reason;
  const status = statusAfter(finishReason);
  const calls = (choice?.message.tool_calls ?? []).map((call) =>
    callItem(
      {
        id: newId('fc'),
        callId: call.id ?? newId('call'),
        name: call.function.name,
        text: call.function.arguments ?? '',
      },
      'completed',
    ),
  );
  const text = choice?.message.content;
  const hasMessage = Boolean(text) || calls.length === 0;
  const message = hasMessage ? [messageItem(newId('msg'), status, [text ?? ''])] : [];
  return responseObject(responseHead(params, completion.model), {
    status,
    finishReason,
    output: [...message, ...calls],
    usage: completion.usage,
  });
}

function usageObject(usage: NonNullable<Completion['usage']>) {
  return {
    input_tokens: usage.prompt_tokens,
    input_tokens_details: { cached_tokens: cachedTokens(usage) },
    output_tokens: usage.completion_tokens,
    output_tokens_details: {
      reasoning_tokens: numberAt(usage['completion_tokens_details'], 'reasoning_tokens'),
    },
    total_tokens: usage.total_tokens,
    ...(usage['estimated'] === true ? { estimated: true } : {}),
  };
}

function numberAt(record: unknown, field: string): number {
  if (typeof record !== 'object' || record === null) return 0;
  const value: unknown = Reflect.get(record, field);
  return typeof value === 'number' ? value : 0;
}
