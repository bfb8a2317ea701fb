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

/** A choice whose texts are texts, and whose calls are a list. */
function isChoice(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  const delta = value['delta'] ?? {};
  if (!isObject(delta)) return false;
  const { content, reasoning, tool_calls: calls } = delta;
  return isTextOrNothing(content) && isTextOrNothing(reasoning) && Array.isArray(calls ?? []);
}

function isTextOrNothing(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string';
}

/**
 * How far an answer is: a choice that was begun lacks its finish reason; none does; and they are as many
 * as were asked for. Some providers begin one choice when the one before it is finished.
 */
export type Progress = 'open' | 'answered' | 'whole';

/** Tells, chunk by chunk, how far an answer of so many choices is. */
export function progressOf(choicesAskedFor: number): (chunk: ChatChunk) => Progress {
  const begun = new Set<number>();
  let finished: Set<number> | undefined;
  return ({ choices }) => {
    for (const { index = 0, finish_reason } of choices) {
      begun.add(index);
      if (!finish_reason) continue;
      finished ??= new Set();
      finished.add(index);
    }
    if (!finished || begun.size > finished.size) return 'open';
    return finished.size < choicesAskedFor ? 'answered' : 'whole';
  };
}
