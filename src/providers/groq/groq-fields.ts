import type { ChatMessage, ChatParams } from '../../core/chat.ts';
import { isObject } from '../../core/json.ts';

/** OpenAI's fields that Groq refuses and that don't touch the answer: bookkeeping and hints. */
const BOOKKEEPING: ReadonlySet<string> = new Set([
  'store',
  'metadata',
  'prediction',
  'prompt_cache_key',
  'prompt_cache_retention',
  'safety_identifier',
]);

/** Fields that say nothing with these values; with others Groq's refusal is passed on. */
const IDLE: Readonly<Record<string, (value: unknown) => boolean>> = {
  logprobs: (value) => value === false,
  top_logprobs: (value) => value === 0,
  logit_bias: (value) => isObject(value) && Object.keys(value).length === 0,
  modalities: (value) => Array.isArray(value) && value.length === 1 && value[0] === 'text',
};

/** What Groq takes in an assistant message; the rest is an answer's decoration, sent back to us. */
const ASSISTANT_FIELDS: ReadonlySet<string> = new Set([
  'role',
  'content',
  'tool_calls',
  'function_call',
]);

/** What Groq takes in a call; SDKs add `index` and `parsed_arguments` of their own. */
const CALL_FIELDS: ReadonlySet<string> = new Set(['id', 'type', 'function']);
const FUNCTION_FIELDS: ReadonlySet<string> = new Set(['name', 'arguments']);

/**
 * The request without what Groq answers 400 for and that can't change the answer's meaning
 * (https://console.groq.com/docs/openai): names of speakers, the reasoning and other decoration of
 * answers that are replayed, bookkeeping, null fields. Everything else stays, and Groq judges it.
 * Returns the very same object where nothing has to go, which costs a look at each field.
 */
export function groqFields(params: ChatParams): ChatParams {
  const messages = params.messages.some(isDecorated)
    ? params.messages.map(plainMessage)
    : params.messages;
  const gone = Object.keys(params).filter((name) => isIdle(name, params[name], params));
  const tier = params['service_tier'] === 'default' ? { service_tier: 'on_demand' } : undefined;
  if (messages === params.messages && gone.length === 0 && !tier) return params;
  return { ...without(params, gone), ...tier, messages };
}

function isIdle(name: string, value: unknown, params: ChatParams): boolean {
  if (value === null || BOOKKEEPING.has(name)) return true;
  if (name === 'max_tokens') return typeof params['max_completion_tokens'] === 'number';
  return Object.hasOwn(IDLE, name) && (IDLE[name]?.(value) ?? false);
}

function isDecorated(message: ChatMessage): boolean {
  if (message.role === 'assistant') {
    for (const name in message) if (!ASSISTANT_FIELDS.has(name)) return true;
    return message['tool_calls'] === null || hasDecoratedCalls(message['tool_calls']);
  }
  return 'name' in message && !isResult(message);
}

/** The name of a tool whose result this is belongs to it. */
function isResult({ role, name }: ChatMessage): boolean {
  return (role === 'tool' || role === 'function') && name !== null;
}

function hasDecoratedCalls(calls: unknown): boolean {
  return Array.isArray(calls) && calls.some((call) => call !== plainCall(call));
}

function plainMessage(message: ChatMessage): ChatMessage {
  if (!isDecorated(message)) return message;
  if (message.role !== 'assistant') return { ...without(message, ['name']), role: message.role };
  const { role, content, tool_calls: calls, function_call: call } = message;
  return {
    role,
    ...(content === undefined ? {} : { content }),
    ...(Array.isArray(calls) ? { tool_calls: calls.map(plainCall) } : {}),
    ...(call ? { function_call: call } : {}),
  };
}

function plainCall(call: unknown): unknown {
  if (!isObject(call)) return call;
  const called = isObject(call['function']) ? only(call['function'], FUNCTION_FIELDS) : undefined;
  const kept = only(call, CALL_FIELDS);
  return called && called !== call['function'] ? { ...kept, function: called } : kept;
}

/** The same object where it holds nothing else. */
function only(record: Record<string, unknown>, fields: ReadonlySet<string>) {
  const names = Object.keys(record);
  if (names.every((name) => fields.has(name))) return record;
  return Object.fromEntries(
    names.flatMap((name) => (fields.has(name) ? [[name, record[name]]] : [])),
  );
}

function without(record: Readonly<Record<string, unknown>>, names: readonly string[]) {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}
