import type { ChatMessage, ContentPart } from '../../core/chat.ts';
import { ApiError } from '../../core/errors.ts';
import { notSupported } from './failures.ts';
import type { PastCall, Turn } from './protocol.ts';

/**
 * Reads OpenAI messages as turns: lists of text parts are joined, `developer` is `system`, and the
 * result of a tool joins the call that asked for it.
 *
 * @throws ApiError `not_supported` for images and other media, `invalid_request` for nonsense
 */
export function turnsOf(messages: readonly ChatMessage[]): Turn[] {
  if (messages.length === 0) throw invalid('There are no messages.', 'messages');
  const read = messages.map((message, index) => {
    const path = `messages.${index}`;
    const text = textOf(message.content, `${path}.content`);
    return { message, text, role: roleOf(message, path) };
  });
  const turns: Turn[] = [];
  // From the end, since ids and names come again: a result belongs to the call next before it.
  const results = new Map<unknown, string>();
  for (const { message, text, role } of read.reverse()) {
    if (role === 'tool') {
      results.set(message['tool_call_id'] ?? message['name'], text);
      continue;
    }
    const calls = role === 'assistant' ? callsOf(message, results) : [];
    turns.push(calls.length > 0 ? { role, text, calls } : { role, text });
  }
  return turns.reverse();
}

function roleOf({ role }: ChatMessage, path: string): Turn['role'] | 'tool' {
  switch (role) {
    case 'developer':
      return 'system';
    case 'function':
      return 'tool';
    case 'system':
    case 'user':
    case 'assistant':
    case 'tool':
      return role;
    default:
      throw invalid(
        `The role must be system, developer, user, assistant or tool, not "${role}".`,
        `${path}.role`,
      );
  }
}

function textOf(content: ChatMessage['content'], path: string): string {
  if (content === undefined || content === null) return '';
  if (typeof content === 'string') return content;
  return content.map((part, index) => partText(part, `${path}.${index}`)).join('');
}

function partText(part: ContentPart, path: string): string {
  if (part.type === 'text' || part.type === 'refusal')
    return String(part.text ?? part['refusal'] ?? '');
  throw notSupported(
    `The local model reads text only; it can't take a part of type "${part.type}".`,
    path,
  );
}

function callsOf(
  { tool_calls: calls, function_call: old }: ChatMessage,
  results: ReadonlyMap<unknown, string>,
): PastCall[] {
  const all: unknown[] = Array.isArray(calls) ? calls : old ? [{ function: old }] : [];
  return all.map((call) => {
    const called = field(call, 'function');
    const name = String(field(called, 'name') ?? 'unknown');
    const args = field(called, 'arguments');
    return {
      name,
      arguments: typeof args === 'string' ? args : '{}',
      result: results.get(field(call, 'id') ?? name),
    };
  });
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function invalid(message: string, param: string): ApiError {
  return new ApiError('invalid_request', message, { param });
}
