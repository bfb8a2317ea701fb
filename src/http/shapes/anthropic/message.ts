import { randomBytes } from 'node:crypto';
import { cachedTokens } from '../../../core/usage.ts';
import { type Completion, readCompletion } from '../completion.ts';

/**
 * Why an answer ended, in Anthropic's words. A chat doesn't tell which stop sequence was met, and ends
 * with `stop` after a call that the request insisted on.
 */
export function stopReason(finishReason: string | null | undefined, hasCalls: boolean): string {
  if (finishReason === 'length') return 'max_tokens';
  if (finishReason === 'tool_calls' || finishReason === 'function_call') return 'tool_use';
  if (finishReason === 'content_filter') return 'refusal';
  if (hasCalls) return 'tool_use';
  return 'end_turn';
}

/** `msg_` or `toolu_` and 24 hexadecimal digits. */
export function newId(kind: 'msg' | 'toolu'): string {
  return `${kind}_${randomBytes(12).toString('hex')}`;
}

/** Token counts in Anthropic's shape; cached tokens are counted apart from the others there. */
export function usageObject(usage: Completion['usage'] | undefined) {
  const cached = usage ? cachedTokens(usage) : 0;
  return {
    input_tokens: (usage?.prompt_tokens ?? 0) - cached,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
    output_tokens: usage?.completion_tokens ?? 0,
    ...(usage?.['estimated'] === true ? { estimated: true } : {}),
  };
}

/** A whole chat answer as a message. Reasoning is shown to those who asked for thinking. */
export function messageOfCompletion(body: Uint8Array, showsThinking: boolean) {
  const { model, choices, usage } = readCompletion(body);
  const [choice] = choices;
  const { content: text, reasoning, tool_calls: calls } = choice?.message ?? {};
  const thinking = showsThinking && reasoning ? [thinkingBlock(reasoning)] : [];
  const uses = (calls ?? []).map((call) => ({
    type: 'tool_use',
    id: call.id ?? newId('toolu'),
    name: call.function.name,
    input: inputOf(call.function.arguments),
  }));
  return {
    id: newId('msg'),
    type: 'message',
    role: 'assistant',
    model,
    content: [...thinking, ...(text ? [{ type: 'text', text }] : []), ...uses],
    stop_reason: stopReason(choice?.finish_reason, uses.length > 0),
    stop_sequence: null,
    usage: usageObject(usage),
  };
}

/** Nobody signs what other models think. */
export function thinkingBlock(thinking: string) {
  return { type: 'thinking', thinking, signature: '' };
}

/** Arguments that a model broke are handed on as they are, under a name that says so. */
function inputOf(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text || '{}');
  } catch {
    return { invalid_json: text };
  }
}
