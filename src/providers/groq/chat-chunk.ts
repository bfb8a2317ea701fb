import type { ChatChunk } from '../../core/chat.ts';
import { isObject, parseJson } from '../../core/json.ts';
import type { ServerEvent } from '../../core/sse.ts';
import { inband } from './faults.ts';

/**
 * The chunk of a chat's event; undefined when it is malformed.
 *
 * @throws AttemptError for an error in mid-stream, in any of the shapes that Groq gives it:
 *   `event: error`, `data: {"error": …}`, `x_groq.error`.
 */
export function chunkOf({ data, name }: Pick<ServerEvent, 'data' | 'name'>): ChatChunk | undefined {
  if (name === 'error') throw inband(new Error('an error event'));
  if (data === undefined) return undefined;
  const value = parseJson(data);
  if (!isObject(value)) return undefined;
  if (value['error']) throw inband(new Error('an error in an event'));
  const groq = value['x_groq'];
  if (isObject(groq) && groq['error']) throw inband(new Error('x_groq.error'));
  const choices = value['choices'];
  if (!Array.isArray(choices) || !choices.every(isChoice)) return undefined;
  if (choices.some((choice) => choice['finish_reason'] === 'error')) {
    throw inband(new Error('the finish reason is an error'));
  }
  return value as ChatChunk;
}

/** More answers than to any request (OpenAI's `n`): what is known of each is remembered. */
const MAX_CHOICES = 128;

/** A choice whose texts are texts, whose calls are a list, and whose number is one that a choice has. */
function isChoice(value: unknown): value is Record<string, unknown> {
  if (!isObject(value) || !isNumber(value['index'] ?? 0)) return false;
  const delta = value['delta'] ?? {};
  if (!isObject(delta)) return false;
  const { content, reasoning, tool_calls: calls } = delta;
  return isTextOrNothing(content) && isTextOrNothing(reasoning) && Array.isArray(calls ?? []);
}

function isNumber(index: unknown): boolean {
  return Number.isInteger(index) && Number(index) >= 0 && Number(index) < MAX_CHOICES;
}

function isTextOrNothing(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string';
}
